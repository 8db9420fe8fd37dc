import { topicNamed } from '#contracts';
import { applyDecorators, Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom, throwError, type Observable } from 'rxjs';
import type { Verdict } from '#domain';
import type { BatchHandler } from './batch.js';
import { startConsumer, type Consumer, type ConsumerOptions } from './consumer.js';
import type { MemberState } from './membership.js';

/** Nest replaces an exception by "Internal server error"; the loop needs the real one to act on it.
 */
@Catch()
class PassThrough implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => thrown);
  }
}

/** Marks a controller's method as the handler of a topic (its name in the contracts table, without
 * prefix). The method is a `BatchHandler`: it is given a whole batch and returns one verdict per
 * message. */
export const BatchPattern = (topic: string): MethodDecorator =>
  applyDecorators(EventPattern(topic) as MethodDecorator, UseFilters(new PassThrough()));

type StrategyOptions = Omit<ConsumerOptions, 'topic' | 'group' | 'handle'> & {
  /** The service's name in group ids (`carom.attribution`). Each topic gets a group, and so a
   * consumer, of its own: a flood on one (clicks) never delays the other (money). */
  service: string;
};

/** Nest's transport for whole batches. Nest's own Kafka transport takes one message at a time and
 *  redelivers a poison message for ever (nestjs/nest#10972), so only its way of finding handlers is
 *  used here. */
export class KafkaBatchStrategy extends Server implements CustomTransportStrategy {
  private readonly consumers = new Map<string, Consumer>();

  constructor(private readonly options: StrategyOptions) {
    super();
  }

  /** Returns at once: the consumers join when Kafka is there. Throws for a pattern that is not a
   * topic of the contracts table. */
  listen(listening: (error?: unknown) => void): void {
    for (const [pattern, handler] of this.messageHandlers) {
      const topic = topicNamed(pattern);
      if (!topic) throw new Error(`"${pattern}" is not a topic of the contracts table`);
      const handle: BatchHandler<unknown> = async (batch) => {
        const result: unknown = await handler(batch);
        return (isObservable(result) ? await lastValueFrom(result) : result) as Verdict[];
      };
      const group = `${this.options.service}.${topic.name}`;
      this.consumers.set(topic.name, startConsumer({ ...this.options, topic, group, handle }));
    }
    listening();
  }

  /** Finishes the batches in hand, commits them, leaves the groups. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers.values()].map((consumer) => consumer.close()));
  }

  /** By topic; for readiness. */
  states(): Record<string, MemberState> {
    return Object.fromEntries([...this.consumers].map(([topic, consumer]) => [topic, consumer.state]));
  }

  override on(): never {
    throw new Error('the transport has no events to listen to; see states()');
  }

  override unwrap(): never {
    throw new Error('the Kafka client is not reachable from outside libs/kafka');
  }
}
