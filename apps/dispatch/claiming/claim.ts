import type { LeasedDelivery } from '#domain';
import type { DueDestination } from '#postgres';
import { messageOf, type Logger } from '#runtime';
import type { Window } from '../sending/send-window.js';

export type ClaimPorts = {
  window: Pick<Window, 'room' | 'lane' | 'add'>;
  waiting: () => Promise<DueDestination[]>;
  claim: (rooms: readonly { destinationKey: string; room: number }[]) => Promise<LeasedDelivery[]>;
  /** Whether this process may hold anything now: its lease is good and it is not stopping. */
  mayClaim: () => boolean;
  now: () => number;
  log: Logger;
};

const everyMs = 200;
/** A claim is one transaction; smaller ones let several processes take turns. */
const mostPerDestination = 500;

/** Takes what is due in Postgres into memory: retries, what found no room in the window, what a dead process left. Each round asks for every
 *  destination that has something due and room, for as much as it has room, so no backlog stands in another's way (P7). */
export const startClaiming = ({ window, waiting, claim, mayClaim, now, log }: ClaimPorts) => {
  let stopped = false;
  let woken = false;
  let wakeUp: (() => void) | null = null;

  /** Answers whether there is more to take at once. */
  const round = async (): Promise<boolean> => {
    if (!mayClaim()) return false;
    const due = (await waiting()).filter(({ dueAtMs }) => dueAtMs <= now());
    const rooms = due.map(({ destinationKey }) => ({
      destinationKey,
      room: Math.min(window.room(destinationKey), mostPerDestination),
    }));
    const open = rooms.filter(({ room }) => room > 0);
    for (const { destinationKey, room } of rooms) if (room <= 0) window.lane(destinationKey).backlogged = true;
    if (open.length === 0 || !mayClaim()) return false;
    const claimed = await claim(open);
    const counts = new Map<string, number>();
    for (const { destinationKey } of claimed) counts.set(destinationKey, (counts.get(destinationKey) ?? 0) + 1);
    let more = false;
    for (const { destinationKey, room } of open) {
      const full = (counts.get(destinationKey) ?? 0) >= room;
      window.lane(destinationKey).backlogged = full;
      more ||= full && window.room(destinationKey) > room;
    }
    if (claimed.length > 0)
      log.info({ event: 'deliveries.claimed', deliveries: claimed.length, destinations: counts.size });
    window.add(claimed);
    return more;
  };

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async (): Promise<void> => {
    while (!stopped) {
      let more = false;
      woken = false;
      try {
        more = await round();
      } catch (thrown) {
        log.warn({ event: 'deliveries.claim_failed', error: messageOf(thrown) });
        await rest(1_000);
      }
      if (!more && !woken && !stopped) await rest(everyMs);
    }
  };
  const ended = loop();

  return {
    wake(): void {
      woken = true;
      wakeUp?.();
    },
    async stop(): Promise<void> {
      stopped = true;
      wakeUp?.();
      await ended;
    },
  };
};
