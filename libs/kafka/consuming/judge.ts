import type { Topic } from '#contracts';
import { park, type Verdict } from '#domain';
import { bisect, faultOf, messageOf } from '#runtime';
import type { EachBatchPayload } from 'kafkajs';
import { decode, type BatchHandler, type Message } from './batch.js';
import type { MergedPart } from './batch-merge.js';
import { PartitionStopped, type Brake } from './brake.js';

/** What one partition handed over. */
export type PartitionBatch = MergedPart & { partition: number; payload: EachBatchPayload };

type Judging = { topic: Topic; handle: BatchHandler<unknown>; brake: Brake };

/** The one policy for bad records, in every consumer of every service (docs/decisions/0014):
 *
 *  | what fails                               | what happens                                  |
 *  | ---------------------------------------- | --------------------------------------------- |
 *  | a record that cannot be decoded          | parked; the handler never sees it             |
 *  | one that Postgres refuses, even alone    | parked as `cannot_be_written`; others go on   |
 *  | one on which our own code fails          | parked as `internal_error`, up to the brake   |
 *  | more of those than the brake allows      | the partition stops; nothing parked           |
 *  | anything else (a server is away)         | thrown: all of the batch comes again          |
 *
 *  Answers one verdict per record, by part. */
export const judge = async (
  judging: Judging,
  parts: readonly PartitionBatch[],
  signal: AbortSignal,
): Promise<Verdict[][]> => {
  const messages: Message<unknown>[] = [];
  const drafts = parts.map(({ partition, payload }) =>
    payload.batch.messages.map((raw): Verdict | Message<unknown> => {
      const decoded = decode(judging.topic, partition, raw);
      if ('undecodable' in decoded) return park(decoded.undecodable.reason, decoded.undecodable.cause);
      messages.push(decoded.message);
      return decoded.message;
    }),
  );
  const partitions = parts.map(({ partition }) => partition);
  const handled = await judgeMessages(judging, messages, partitions, signal);
  return drafts.map((draft) => draft.map((each) => ('kind' in each ? each : (handled.get(each) as Verdict))));
};

const judgeMessages = async (
  { topic, handle, brake }: Judging,
  messages: readonly Message<unknown>[],
  partitions: readonly number[],
  signal: AbortSignal,
): Promise<Map<Message<unknown>, Verdict>> => {
  const handled = new Map<Message<unknown>, Verdict>();
  if (messages.length === 0) return handled;
  const ownErrors = new Map<number, number>();
  const { failed } = await bisect(messages, async (some) => {
    signal.throwIfAborted();
    try {
      const verdicts = await handle({ topic: topic.name, messages: some, signal });
      checkCount(topic, some.length, verdicts);
      some.forEach((message, index) => handled.set(message, verdicts[index] as Verdict));
    } catch (thrown) {
      const [alone, ...others] = some;
      if (alone && others.length === 0 && faultOf(thrown) === 'code') countOwnError(brake, ownErrors, alone, thrown);
      throw thrown;
    }
  });
  for (const { item, fault, error } of failed)
    handled.set(item, park(fault === 'record' ? 'cannot_be_written' : 'internal_error', messageOf(error)));
  for (const partition of partitions) {
    const count = ownErrors.get(partition) ?? 0;
    if (count === 0) brake.passed(partition);
    else brake.parked(partition, count);
  }
  return handled;
};

/** @throws PartitionStopped when the partition has no room for one more. */
const countOwnError = (
  brake: Brake,
  ownErrors: Map<number, number>,
  { partition }: Message<unknown>,
  thrown: unknown,
): void => {
  const count = (ownErrors.get(partition) ?? 0) + 1;
  ownErrors.set(partition, count);
  if (count <= brake.room(partition)) return;
  brake.stop(partition);
  throw new PartitionStopped(partition, thrown);
};

const checkCount = (topic: Topic, expected: number, verdicts: unknown): void => {
  const count = Array.isArray(verdicts) ? verdicts.length : null;
  if (count !== expected)
    throw new Error(`the handler of ${topic.name} must return ${expected} verdicts, it returned ${count}`);
};
