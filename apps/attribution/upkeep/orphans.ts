import type { PostbackReceivedV1 } from '#contracts';
import type { AttributionResult, Occasion, SeenAt } from '../attribution.pipeline.js';

/** Releases postbacks that waited. Three ways lead here, all with the same effect: the click arrives, a conversion with the
 *  transaction id is made, or the sweeper finds that a look is due. The sweeper alone would do; the other two are speed.
 *
 *  Race: a click is inserted while its postback is being made an orphan, and neither sees the other. The sweeper's first look comes
 *  a second later and sees both. */

type Waiting = { id: string; receivedAtMs: number; sinceMs: number };
export type OrphanPorts = {
  orphans: {
    waitingFor: (wanted: { clickIds: readonly string[]; transactionIds: readonly string[] }) => Promise<Waiting[]>;
    claimDue: (limit: number) => Promise<Waiting[]>;
    messages: (waiting: readonly Waiting[]) => Promise<PostbackReceivedV1[]>;
  };
  attribute: (
    messages: readonly PostbackReceivedV1[],
    occasion: Occasion,
    seenAtMs: SeenAt,
  ) => Promise<AttributionResult>;
};

const sweptAtOnce = 500;

/** Looks again at orphans. A conversion that is made may release others that waited for its transaction id, and those again. The bound
 *  is there because every chain has to end somewhere: what is left over is swept. */
export const release = async (ports: OrphanPorts, waiting: readonly Waiting[]): Promise<number> => {
  let released = 0;
  let next = waiting;
  for (let round = 0; round < 5 && next.length > 0; round += 1) {
    const messages = await ports.orphans.messages(next);
    const result = await ports.attribute(messages, 'waiting', new Map(next.map(({ id, sinceMs }) => [id, sinceMs])));
    released += result.decided.filter((each) => each.state !== 'orphan').length;
    next =
      result.newTransactionIds.length > 0
        ? await ports.orphans.waitingFor({ clickIds: [], transactionIds: result.newTransactionIds })
        : [];
  }
  return released;
};

/** One pass over all that is due. Answers how many orphans came to an end. */
export const sweep = async (ports: OrphanPorts): Promise<number> => {
  let released = 0;
  for (let pass = 0; pass < 100; pass += 1) {
    const due = await ports.orphans.claimDue(sweptAtOnce);
    released += await release(ports, due);
    if (due.length < sweptAtOnce) break;
  }
  return released;
};
