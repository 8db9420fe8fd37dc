import type { PostbackReceivedV1 } from '#contracts';
import { bisect, faultOf, messageOf, type Logger } from '#runtime';
import { attributePostbacks, nothingAttributed, type Attributed } from '../postback.pipeline.js';
import { parkedRecordOf } from './decide.js';
import { noChanges, type AttributionPorts, type WaitingById } from './ports.js';

/** What becomes of a batch in which a record fails. For the topics, libs/kafka halves the batch and
 * parks the record (`libs/kafka/consuming/judge.ts`); here is what only attribution knows about it.
 */

/** One batch of the topic. A postback that fails alone is written into the log as `parked` before
 * the loop parks its record, so that the log always has the call. It is decided again when it comes
 * again. */
export const attributeOrLog = async (
  ports: AttributionPorts,
  messages: readonly PostbackReceivedV1[],
): Promise<Attributed> => {
  try {
    return await attributePostbacks(ports, messages);
  } catch (thrown) {
    const [alone, ...others] = messages;
    // If even this row cannot be written, the list of parked records still has the call.
    if (alone && others.length === 0 && faultOf(thrown) !== 'outage')
      await logParked(ports, alone).catch(() => undefined);
    throw thrown;
  }
};

const logParked = (ports: AttributionPorts, message: PostbackReceivedV1): Promise<void> =>
  ports.ledger.inOneTransaction(async (ledger) => {
    const known = await ledger.lockKnown([message]);
    if (known.has(message.id)) return;
    await ledger.write({ ...noChanges(ports.time.nowMs()), inserted: [parkedRecordOf(message)] });
  });

export type Failing = { log: Logger; failed: (chore: string) => void };

/** Orphans that are looked at again. One that fails alone stays an orphan: its next look comes by
 * the schedule, and the others are released. */
export const attributeWaiting = async (
  ports: AttributionPorts,
  messages: readonly PostbackReceivedV1[],
  waiting: WaitingById,
  failing: Failing,
): Promise<Attributed> => {
  const { done } = await isolate(
    'release orphans',
    messages,
    ({ id }) => id,
    failing,
    (some) => attributePostbacks(ports, some, waiting),
  );
  return done.reduce(
    (sum, result) => ({
      verdicts: [...sum.verdicts, ...result.verdicts],
      decided: [...sum.decided, ...result.decided],
      newTransactionIds: [...sum.newTransactionIds, ...result.newTransactionIds],
    }),
    nothingAttributed,
  );
};

/** Upkeep of items that come from no topic: what fails alone is logged and counted, and stays as it
 * is until the next time. Throws an outage. */
export const isolate = async <ItemOf, Result>(
  chore: string,
  items: readonly ItemOf[],
  nameOf: (item: ItemOf) => string,
  { log, failed }: Failing,
  work: (some: readonly ItemOf[]) => Promise<Result>,
): Promise<{ done: Result[] }> => {
  if (items.length === 0) return { done: [] };
  const result = await bisect(items, work);
  for (const { item, fault, error } of result.failed) {
    failed(chore);
    const stack = fault === 'code' ? (error as Error).stack : undefined;
    log.error({ event: 'upkeep.item_failed', chore, id: nameOf(item), error: messageOf(error), stack });
  }
  return { done: result.done.map((each) => each.result) };
};
