import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { topics, type ConversionChangedV1 } from '#contracts';
import { done, type Verdict } from '#domain';
import { BatchPattern, KafkaBatchStrategy, type Batch } from '#kafka';
import { change, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';

let ground: KafkaGround;
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(() => ground.close());

const given: number[][] = [];
let throws = 1;

@Controller()
class Conversions {
  @BatchPattern(topics.conversions.name)
  async handle(batch: Batch<ConversionChangedV1>): Promise<Verdict[]> {
    if (throws-- > 0) throw new Error('no connection left in the pool');
    given.push(batch.messages.map(({ value }) => value.revision));
    return batch.messages.map(() => done);
  }
}

@Controller()
class Stranger {
  @BatchPattern('no.such.topic')
  handle(batch: Batch<unknown>): Verdict[] {
    return batch.messages.map(() => done);
  }
}

@Module({ controllers: [Conversions] })
class App {}
@Module({ controllers: [Stranger] })
class StrangeApp {}

const strategyFor = (service: string) =>
  new KafkaBatchStrategy({
    ...ground.connection,
    service,
    producer: ground.producer,
    metrics: ground.metrics,
    onFatal: (error) => ground.fatal.push(error),
  });

describe('the Nest transport', () => {
  it('gives a controller whole batches, and a thrown exception brings the batch again', async () => {
    const strategy = strategyFor('spec');
    const app = await NestFactory.createMicroservice(App, { strategy, logger: false });
    await app.listen();
    await ground.producer.produce([change(1), change(2), change(3)]);
    await waitFor(() => given.flat().length === 3);
    expect(given.flat()).toEqual([1, 2, 3]);
    expect(strategy.states()).toEqual({ [topics.conversions.name]: 'consuming' });
    const outcomes = ground.batches.map(({ outcome, done: handled }) => `${outcome} ${handled}`);
    expect(outcomes[0]).toBe('outage 0');
    await app.close();
    expect(strategy.states()).toEqual({ [topics.conversions.name]: 'closed' });
  });

  it('does not start with a handler for a topic that is not in the contracts table', async () => {
    const app = await NestFactory.createMicroservice(StrangeApp, { strategy: strategyFor('stranger'), logger: false });
    await expect(app.listen()).rejects.toThrow('"no.such.topic" is not a topic of the contracts table');
  });
});
