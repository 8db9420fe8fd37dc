import type { PostbackReceivedV1 } from '#contracts';
import type { Waiting, WaitingById } from '../ledger/ports.js';
import type { Attributed } from '../postback.pipeline.js';

/** Releases postbacks that waited: when their click arrives, when a conversion with their
 * transaction id is made, or when a look is due. The looks alone would do; the other two are speed.
 * Only a look finds the click that was inserted while its postback became an orphan. */

type WaitedFor = { clickIds: readonly string[]; transactionIds: readonly string[] };
export type OrphanPorts = {
  orphans: {
    waitingFor: (wanted: WaitedFor, page: { after: Waiting | null; limit: number }) => Promise<Waiting[]>;
    wake: (wanted: WaitedFor) => Promise<void>;
    claimDue: (limit: number) => Promise<Waiting[]>;
    messages: (waiting: readonly Waiting[]) => Promise<PostbackReceivedV1[]>;
  };
  attribute: (messages: readonly PostbackReceivedV1[], waiting: WaitingById) => Promise<Attributed>;
};

/** A raw call can have hundreds of kilobytes: a piece is what is in memory and in one transaction.
 */
const pieceSize = 100;
/** Of one arrival; what waits beyond that is made due, and the sweep takes it. */
const maxPieces = 10;
const maxPasses = 100;
/** A conversion that is made may release others that waited for its transaction id, and those
 * again. */
const maxRounds = 5;

/** Looks again at what waits for these. Answers how many wait no longer. */
export const releaseFor = async (ports: OrphanPorts, wanted: WaitedFor): Promise<number> => {
  let released = 0;
  let next = wanted;
  for (let round = 0; round < maxRounds && next.clickIds.length + next.transactionIds.length > 0; round += 1) {
    const born: string[] = [];
    let after: Waiting | null = null;
    for (let piece = 0; ; piece += 1) {
      const waiting: Waiting[] = await ports.orphans.waitingFor(next, { after, limit: pieceSize });
      if (waiting.length > 0) {
        const result = await look(ports, waiting);
        released += result.released;
        born.push(...result.newTransactionIds);
      }
      if (waiting.length < pieceSize) break;
      after = waiting.at(-1) ?? null;
      if (piece + 1 < maxPieces) continue;
      await ports.orphans.wake(next);
      break;
    }
    next = { clickIds: [], transactionIds: [...new Set(born)] };
  }
  return released;
};

/** One pass over all that is due. Answers how many orphans came to an end. */
export const sweepOrphans = async (ports: OrphanPorts, signal?: AbortSignal): Promise<number> => {
  let released = 0;
  for (let pass = 0; pass < maxPasses && !signal?.aborted; pass += 1) {
    const due = await ports.orphans.claimDue(pieceSize);
    if (due.length === 0) break;
    const result = await look(ports, due);
    released += result.released;
    released += await releaseFor(ports, { clickIds: [], transactionIds: result.newTransactionIds });
    if (due.length < pieceSize) break;
  }
  return released;
};

const look = async (ports: OrphanPorts, waiting: readonly Waiting[]) => {
  const messages = await ports.orphans.messages(waiting);
  // Calls that retention has dropped leave nothing to decide.
  if (messages.length === 0) return { released: 0, newTransactionIds: [] };
  const { decided, newTransactionIds } = await ports.attribute(
    messages,
    new Map(waiting.map((each) => [each.id, each])),
  );
  return { released: decided.filter(({ state }) => state !== 'orphan').length, newTransactionIds };
};
