import { returnToQueue, leasedDeliveries, type Database } from '#postgres';
import type { Logger } from '#runtime';

type StrayPorts = {
  pool: Database['pool'];
  owner: string;
  log: Logger;
  /** Whether a delivery is in this process's memory. */
  has: (id: string) => boolean;
};

/** Finds deliveries that are leased to this process but not in its memory: the answer to an insert
 *  or a claim was lost after its commit. This process lives, so no other would take them over.
 *  Each is seen twice before it is returned, because between commit and answer a delivery is for a
 *  moment in neither. */
export const createStraySearch = ({ pool, owner, log, has }: StrayPorts): (() => Promise<void>) => {
  let seenBefore = new Set<string>();
  return async () => {
    const seen = (await leasedDeliveries(pool, owner)).filter((id) => !has(id));
    const stray = seen.filter((id) => seenBefore.has(id));
    await returnToQueue(pool, owner, stray);
    seenBefore = new Set(seen);
    if (stray.length > 0) log.warn({ event: 'deliveries.found_astray', deliveries: stray.length });
  };
};
