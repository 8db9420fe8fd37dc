import type { ClickRecordedV1 } from '#contracts';

/** Recording of clicks: the page.
 *
 *  Reads `carom.clicks.v1`; writes clicks, then the cache. Holds P3 for clicks: the primary key is the click id with its time.
 *
 *  1. insert the clicks, passing over those that are there
 *  2. put them into the cache, waiting for nothing
 *  3. release the postbacks that came before them
 *
 *  Dies after 1: the batch comes again, nothing is inserted, 2 and 3 are done again. Dies before: nothing happened. */
export type ClickPorts = {
  clicks: {
    /** In one transaction. Answers the ids that are new. */
    record: (clicks: readonly ClickRecordedV1[]) => Promise<Set<string>>;
    cache: (clicks: readonly ClickRecordedV1[]) => void;
  };
  releaseFor: (clickIds: readonly string[]) => Promise<void>;
};

export const recordClicks = async (ports: ClickPorts, clicks: readonly ClickRecordedV1[]): Promise<Set<string>> => {
  const recorded = await ports.clicks.record(clicks);
  ports.clicks.cache(clicks);
  await ports.releaseFor(clicks.map(({ clickId }) => clickId));
  return recorded;
};
