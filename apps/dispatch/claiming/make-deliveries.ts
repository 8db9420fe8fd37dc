import {
  noEarlier,
  rowOf,
  type EarlierDeliveries,
  type NewDelivery,
  type OwedDelivery,
  type Plan,
  type PlannedDelivery,
} from '#domain';
import {
  insertDeliveries,
  inTransaction,
  isLockedByAnother,
  lastReceivedStates,
  lockOpenEarlier,
  lockOpenEarlierOrSee,
  supersedeDeliveries,
  type Database,
  type Queryable,
} from '#postgres';
import type { Time } from '#runtime';

/** Deliveries of later states of a conversion, whose earlier deliveries may still be open. Those
 *  with `needHistory` also depend on what the ad network has received. */
export type Later = { following: readonly OwedDelivery[]; needHistory: readonly OwedDelivery[] };

/** What was inserted by the plan that was carried out. `states` has the new ids only: the others
 *  were made by an earlier reading of the same change. */
export type Made = {
  deliveries: readonly (PlannedDelivery & { row: NewDelivery })[];
  lastReceived: EarlierDeliveries['lastReceived'];
  states: ReadonlyMap<string, NewDelivery['state']>;
};

/** A batch holds deliveries of many destinations, which must not wait for the rows of one (P7). */
const lockWaitMs = 40;

/** Locks earlier open deliveries, plans and inserts, in one transaction; in one statement where no
 *  earlier delivery can exist. Rows that another transaction holds are waited for only briefly:
 *  what comes after them is then queued behind them in Postgres. `plan` may run twice. */
export const createMaker = (pool: Database['pool'], owner: string, time: Time) => {
  let lastMadeAtMs = 0;

  return async (later: Later, plan: (earlier: EarlierDeliveries) => Plan): Promise<Made> => {
    // Each batch of this process has a moment of its own: by it the batch is found when the
    // process is dead.
    const madeAtMs = (lastMadeAtMs = Math.max(lastMadeAtMs + 1, time.nowMs()));
    const insert = async (client: Queryable, { planned }: Plan): Promise<Omit<Made, 'lastReceived'>> => {
      const deliveries = planned.map((each) => ({ ...each, row: rowOf(each) }));
      const rows = deliveries.map(({ row }) => row);
      return { deliveries, states: await insertDeliveries(client, owner, rows, madeAtMs) };
    };
    if (later.following.length === 0) {
      return { ...(await insert(pool, plan(noEarlier))), lastReceived: noEarlier.lastReceived };
    }
    const after = (lockEarlier: typeof lockOpenEarlier) => async (client: Queryable) => {
      const [open, lastReceived] = await Promise.all([
        lockEarlier(client, later.following),
        lastReceivedStates(client, later.needHistory),
      ]);
      const planned = plan({ open, lastReceived });
      // Both statements go out at once and run in this order.
      const [, made] = await Promise.all([supersedeDeliveries(client, planned.superseded), insert(client, planned)]);
      return { ...made, lastReceived };
    };
    return inTransaction(pool, after(lockOpenEarlier), { lockWaitMs }).catch((thrown: unknown) => {
      if (!isLockedByAnother(thrown)) throw thrown;
      return inTransaction(pool, after(lockOpenEarlierOrSee), { lockWaitMs });
    });
  };
};
