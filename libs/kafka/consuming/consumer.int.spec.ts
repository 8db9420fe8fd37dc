import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type ParkedV1 } from '#contracts';
import { done, park } from '#domain';
import { kafkaMetrics, startConsumer, topicLag, type Message, type OutRecord } from '#kafka';
import { createMetrics } from '#runtime';
import { change, gate, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';

let ground: KafkaGround;
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(() => ground.close());

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const unread = async (group: string) => {
  const lags = await topicLag(ground.connection, group, topics.conversions.name);
  return lags.reduce((sum, { lag }) => sum + lag, 0);
};
/** Each test has a key, and looks only at it: the topics are made once per file. */
const ofKey = (seen: { key: string | null; revision: number }[], key: string) =>
  seen.filter((each) => each.key === key).map(({ revision }) => revision);

/** See test/support/consume-child.ts. */
const startChild = (group: string) => {
  const { brokers, clientId, topicPrefix } = ground.connection;
  const args = JSON.stringify({ brokers, clientId, topicPrefix, group });
  return spawn(process.execPath, ['dist/test/support/consume-child.js', args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

describe('a consumer of batches', () => {
  it('hands over what was produced, in the order of each key, and leaves nothing uncommitted', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await ground.producer.produce(range(1, 201).flatMap((revision) => keys.map((key) => change(revision, key))));
    const { seen, consumer } = ground.consume('orderly');
    await waitFor(() => seen.length === 1000);
    for (const key of keys) expect(ofKey(seen, key)).toEqual(range(1, 201));
    await consumer.close();
    expect(await unread('orderly')).toBe(0);
  });

  it('reads a batch again when the process was killed before its commit', async () => {
    await ground.producer.produce(range(1, 6).map((revision) => change(revision, 'killed')));
    const child = startChild('crashing');
    const [printed] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(String(printed)).toContain('handled');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { seen } = ground.consume('crashing');
    await waitFor(() => ofKey(seen, 'killed').length >= 5, 20_000);
    expect(ofKey(seen, 'killed')).toEqual(range(1, 6));
  }, 40_000);

  it('commits nothing before what was done is on disk, and reads it again when it is lost', async () => {
    const group = 'forgetful';
    await ground.producer.produce(range(1, 6).map((revision) => change(revision, 'gone')));
    const [asked, answered] = [gate(), gate()];
    let stays = false;
    const durable = async (): Promise<boolean> => {
      asked.open();
      await answered.opened;
      return stays || !(stays = true);
    };
    const { seen } = ground.consume(group, undefined, { durable });
    await asked.opened;
    const [first] = seen;
    const timesOfFirst = () =>
      seen.filter(({ key, revision }) => key === first?.key && revision === first?.revision).length;
    const all = await unread(group);
    expect(all).toBeGreaterThanOrEqual(5);
    expect(timesOfFirst()).toBe(1);
    answered.open();
    await waitFor(async () => (await unread(group)) === 0, 30_000);
    expect(timesOfFirst()).toBe(2);
    expect(new Set(ofKey(seen, 'gone'))).toEqual(new Set(range(1, 6)));
  }, 40_000);

  it('finishes and commits its batch when another member joins in the middle of it, so that nothing is handled twice', async () => {
    const hold = gate();
    const entered = gate();
    const all = range(1, 25).flatMap((revision) => ['x', 'y', 'z'].map((key) => change(revision, key)));
    const first = ground.consume('growing', async ({ messages }) => {
      entered.open();
      await hold.opened;
      return messages.map(() => done);
    });
    await ground.producer.produce(all);
    await entered.opened;
    const second = ground.consume('growing');
    // The second member joins when the first has finished; wait until it asks to.
    await waitFor(async () => (await ground.describeGroup('growing')).state === 'PreparingRebalance');
    hold.open();
    await waitFor(() => second.consumer.state === 'consuming');
    await waitFor(async () => (await unread('growing')) === 0);
    for (const key of ['x', 'y', 'z']) {
      const handled = [...ofKey(first.seen, key), ...ofKey(second.seen, key)];
      expect(handled).toEqual(range(1, 25));
    }
  }, 40_000);

  it('reports no lag of partitions that another member reads now', async () => {
    const numbers = [createMetrics('first'), createMetrics('second')] as const;
    const reports = async (of: 0 | 1): Promise<string[]> =>
      [...(await numbers[of].registry.metrics()).matchAll(/^carom_kafka_lag_records\{.*partition="(\d+)"/gm)].flatMap(
        ([, partition]) => partition ?? [],
      );
    const everywhere = (revision: number) => range(0, 100).map((key) => change(revision, `lag-${key}`));
    await ground.producer.produce(everywhere(1));
    ground.consume('sharing', undefined, { metrics: kafkaMetrics(numbers[0]) });
    await waitFor(async () => (await reports(0)).length === topics.conversions.partitions);
    const second = ground.consume('sharing', undefined, { metrics: kafkaMetrics(numbers[1]) });
    await waitFor(() => second.consumer.state === 'consuming', 20_000);
    await ground.producer.produce(everywhere(2));
    await waitFor(async () => (await unread('sharing')) === 0, 20_000);
    const both = [...(await reports(0)), ...(await reports(1))].map(Number).sort((a, b) => a - b);
    expect(both).toEqual(range(0, topics.conversions.partitions));
  }, 40_000);

  it('learns that its partition was given away while it slept, and does not undo what the new owner has committed', async () => {
    await ground.producer.produce([change(1, 'slept')]);
    const child = startChild('sleeping');
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await waitFor(() => said.includes('handled'));
    child.kill('SIGSTOP');
    const awake = ground.consume('sleeping');
    await waitFor(async () => ofKey(awake.seen, 'slept').length === 1 && (await unread('sleeping')) === 0, 30_000);
    child.kill('SIGCONT');
    await waitFor(() => said.includes('too late: Error: the group gave the partition to another member'), 20_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await unread('sleeping')).toBe(0);
    expect(ofKey(awake.seen, 'slept')).toEqual([1]);
  }, 60_000);

  it('keeps its membership during a batch that takes longer than the session', async () => {
    const group = 'slow';
    await ground.producer.produce([change(1, 'slow')]);
    const { seen } = ground.consume(group, async ({ messages }) => {
      if (messages.some(({ key }) => key === 'slow')) await new Promise((resolve) => setTimeout(resolve, 9_000));
      return messages.map(() => done);
    });
    await waitFor(async () => (await unread(group)) === 0, 30_000);
    expect(ofKey(seen, 'slow')).toEqual([1]);
  }, 40_000);
});

describe('a batch with a bad record', () => {
  const parkedOf = async (consumerGroup: string, key: string, count: number) => {
    const parked: ParkedV1[] = [];
    const reader = startConsumer({
      ...ground.connection,
      group: `reader-of-${consumerGroup}`,
      topic: topics.parked,
      producer: ground.producer,
      metrics: ground.metrics,
      onFatal: (error) => ground.fatal.push(error),
      handle: async ({ messages }) => {
        for (const { value } of messages as Message<ParkedV1>[])
          if (value.consumer === consumerGroup && value.key === key) parked.push(value);
        return messages.map(() => done);
      },
    });
    await waitFor(() => parked.length >= count);
    await reader.close();
    return parked;
  };

  it('parks what cannot be read with its reason and its bytes, and goes on with the rest', async () => {
    const bad = (value: string | Buffer, type: string = topics.conversions.type) => ({
      ...change(0, 'poison'),
      value,
      headers: { type },
    });
    const bytes = Buffer.from([0x7b, 0xff, 0xfe]);
    await ground.producer.produce([
      change(1, 'poison'),
      bad('{nope'),
      bad(bytes),
      bad('{"conversionId":"x"}'),
      bad(change(1).value, 'conversion-changed.v9'),
      change(2, 'poison'),
    ]);
    const { seen, consumer } = ground.consume('poisoned');
    await waitFor(() => ofKey(seen, 'poison').includes(2));
    expect(ofKey(seen, 'poison')).toEqual([1, 2]);
    const parked = await parkedOf('poisoned', 'poison', 4);
    expect(parked.map(({ reason }) => reason)).toEqual(['not_json', 'not_utf8', 'schema_mismatch', 'type_unknown']);
    expect(parked[1]).toMatchObject({
      topic: topics.conversions.name,
      key: 'poison',
      valueBase64: bytes.toString('base64'),
    });
    expect(parked[2]?.error).toContain('conversionId');
    await consumer.close();
    expect(await unread('poisoned')).toBe(0);
  });

  it('parks what the pipeline decides to park', async () => {
    await ground.producer.produce(range(1, 4).map((revision) => change(revision, 'unwanted')));
    ground.consume('picky', async ({ messages }) =>
      messages.map(({ key, value }) =>
        key === 'unwanted' && value.revision === 2 ? park('row_refused', 'constraint x') : done,
      ),
    );
    const [parked, ...others] = await parkedOf('picky', 'unwanted', 1);
    expect(others).toEqual([]);
    expect(parked).toMatchObject({ reason: 'row_refused', error: 'constraint x', headers: { id: 'unwanted-2' } });
  });

  it('parks the record that Postgres refuses, and only that, out of a batch that fails for it', async () => {
    const refuses = Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' });
    const written: number[] = [];
    const { consumer } = ground.consume('refused', async ({ messages }) => {
      const mine = messages.filter(({ key }) => key === 'refused').map(({ value }) => value.revision);
      if (mine.includes(7)) throw refuses;
      written.push(...mine);
      return messages.map(() => done);
    });
    await ground.producer.produce(range(1, 21).map((revision) => change(revision, 'refused')));
    const [parked, ...others] = await parkedOf('refused', 'refused', 1);
    expect(others).toEqual([]);
    expect(parked).toMatchObject({ reason: 'cannot_be_written', headers: { id: 'refused-7' } });
    await waitFor(async () => (await unread('refused')) === 0);
    expect([...new Set(written)].sort((a, b) => a - b)).toEqual(range(1, 21).filter((revision) => revision !== 7));
    await consumer.close();
  });

  it('parks a few records on which our own code fails, but stops the partition before it parks a stream', async () => {
    let broken = true;
    const parked: string[] = [];
    const producer = {
      produce: async (records: readonly OutRecord[]) => {
        parked.push(...records.filter(({ key }) => key === 'buggy').map(({ value }) => String(value)));
        await ground.producer.produce(records);
      },
    };
    const { seen, consumer } = ground.consume(
      'buggy',
      async ({ messages }) => {
        if (broken && messages.some(({ key }) => key === 'buggy')) throw new TypeError('x is not a function');
        return messages.map(() => done);
      },
      { brake: { maxParked: 2, withinMs: 60_000 }, producer },
    );
    const started = ground.batches.length;
    await ground.producer.produce([
      ...range(1, 11).map((revision) => change(revision, 'buggy')),
      ...range(1, 4).map((revision) => change(revision, 'healthy')),
    ]);
    await waitFor(() => ground.batches.slice(started).some(({ outcome }) => outcome === 'stopped'));
    await waitFor(() => ofKey(seen, 'healthy').includes(3));
    expect(await unread('buggy')).toBeGreaterThanOrEqual(8);
    broken = false;
    await waitFor(async () => (await unread('buggy')) === 0, 60_000);
    // Whatever was parked before the brake was parked within its limit, and all others were
    // handled.
    expect(parked.length).toBeLessThanOrEqual(2);
    expect(parked.every((value) => value.includes('internal_error'))).toBe(true);
    expect(new Set(ofKey(seen, 'buggy'))).toEqual(new Set(range(1, 11)));
    await consumer.close();
  }, 90_000);

  it('commits nothing when the pipeline throws, rests, and starts again from the same record', async () => {
    const at: number[] = [];
    const { seen } = ground.consume('failing', async ({ messages }) => {
      if (!messages.some(({ key }) => key === 'outage')) return messages.map(() => done);
      at.push(performance.now());
      if (at.length <= 3) throw new Error('the database is away');
      return messages.map(() => done);
    });
    await ground.producer.produce(range(1, 4).map((revision) => change(revision, 'outage')));
    await waitFor(async () => at.length > 3 && (await unread('failing')) === 0);
    expect(ofKey(seen, 'outage')).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    // Three rests of at least half of 250, 500 and 1000 ms: no hot loop.
    expect(at[3]! - at[0]!).toBeGreaterThan(870);
  });

  it('loses nothing when a handler returns too few verdicts', async () => {
    let broken = true;
    const { seen } = ground.consume('miscounting', async ({ messages }) => {
      const mine = messages.some(({ key }) => key === 'miscounted');
      if (!mine || !broken) return messages.map(() => done);
      broken = false;
      return messages.slice(1).map(() => done);
    });
    await ground.producer.produce([change(1, 'miscounted'), change(2, 'miscounted')]);
    await waitFor(() => ofKey(seen, 'miscounted').length === 4);
    expect(ofKey(seen, 'miscounted')).toEqual([1, 2, 1, 2]);
  });
});

describe('closing a consumer', () => {
  it('finishes the batch in hand and commits it', async () => {
    const hold = gate();
    const entered = gate();
    await ground.producer.produce([change(1, 'closing')]);
    const { consumer } = ground.consume(
      'leaving',
      async ({ messages }) => {
        if (messages.some(({ key }) => key === 'closing')) {
          entered.open();
          await hold.opened;
        }
        return messages.map(() => done);
      },
      { concurrency: 12 },
    );
    await entered.opened;
    const closed = consumer.close();
    hold.open();
    await closed;
    const next = ground.consume('leaving');
    await waitFor(() => next.consumer.state === 'consuming');
    await waitFor(async () => (await unread('leaving')) === 0);
    expect(ofKey(next.seen, 'closing')).toEqual([]);
  });

  it('aborts the handler when the time to drain is over, and leaves the batch for the next process', async () => {
    const entered = gate();
    let reason: unknown;
    const { consumer } = ground.consume(
      'lingering',
      ({ messages, signal }) => {
        entered.open();
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve(messages.map(() => done));
          }),
        );
      },
      { drainMs: 100 },
    );
    await ground.producer.produce([change(1, 'lingering')]);
    await entered.opened;
    await consumer.close();
    expect(String(reason)).toContain('the time to drain is over');
    expect(await unread('lingering')).toBeGreaterThan(0);
  });
});

it('nothing of all this was fatal', () => {
  expect(ground.fatal).toEqual([]);
});
