import type { ConversionChangedV1 } from '#contracts';
import type { OutboxRow } from '#postgres';
import { failPoint, messageOf, type Logger } from '#runtime';

/** Publishes the changes of holds, caps and orphans after their transaction has committed: right
 * after the commit, and by a chore for what that left. A crash between publishing and deleting
 * publishes a change again, under the same conversion and revision (docs/decisions/0013). */
export type OutboxPorts = {
  claim: (limit: number, leaseMs: number) => Promise<OutboxRow[]>;
  remove: (ids: readonly bigint[]) => Promise<void>;
  publish: (changes: readonly ConversionChangedV1[]) => Promise<void>;
};

const relayedAtOnce = 500;
/** Longer than a produce request takes: two processes should not publish the same rows. */
const leaseMs = 10_000;
const maxPasses = 100;

/** Answers how many it published. Throws when Kafka or Postgres is away. */
export const relayOutbox = async (ports: OutboxPorts, signal?: AbortSignal): Promise<number> => {
  let published = 0;
  for (let pass = 0; pass < maxPasses && !signal?.aborted; pass += 1) {
    const rows = await ports.claim(relayedAtOnce, leaseMs);
    if (rows.length === 0) break;
    await failPoint('attribution.outbox.claimed');
    await ports.publish(rows.map(({ message }) => message));
    await failPoint('attribution.outbox.published');
    await ports.remove(rows.map(({ id }) => id));
    published += rows.length;
    if (rows.length < relayedAtOnce) break;
  }
  return published;
};

/** Relays after a commit. The work that committed is done whatever becomes of it: a failure is
 * logged. */
export const relayAfterCommit = async (ports: OutboxPorts, log: Logger): Promise<void> => {
  try {
    await relayOutbox(ports);
  } catch (thrown) {
    log.warn({ event: 'outbox.waits', error: messageOf(thrown) });
  }
};
