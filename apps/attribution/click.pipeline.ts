import type { ClickRecordedV1 } from '#contracts';
import { failPoint } from '#runtime';
import type { ClickPorts } from './ledger/ports.js';

/** Recording of clicks: the page.
 *
 * Reads `carom.clicks.v1`; writes clicks and the cache. Holds P3 for clicks: the primary key is the
 * click id with its time.
 *
 *  1. record insert the clicks that are not there yet, with their figures, in one transaction
 *  2. cache put them into Redis, waiting for nothing
 *  3. release look again at the postbacks that came before their click
 *  4. commit the loop of libs/kafka commits the offset, last
 *
 *  | dies             | then                                                              |
 *  | ---------------- | ----------------------------------------------------------------- |
 *  | before 1 commits | nothing happened; the batch comes again                           |
 *  | after it         | the batch comes again: nothing is inserted, 2 and 3 are repeated  |  */
export const recordClicks = async (ports: ClickPorts, clicks: readonly ClickRecordedV1[]): Promise<Set<string>> => {
  const recorded = await ports.clicks.record(clicks);
  await failPoint('attribution.clicks.committed');
  ports.clicks.cache(clicks);
  await ports.releaseFor(clicks.map(({ clickId }) => clickId));
  await failPoint('attribution.clicks.released');
  return recorded;
};
