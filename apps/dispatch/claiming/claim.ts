import type { LeasedDelivery } from '#domain';
import type { DueDestination } from '#postgres';
import { failPoint, type Logger } from '#runtime';
import type { Lease } from './lease.js';
import type { SendWindow } from '../sending/send-window.js';

type ClaimPorts = {
  window: Pick<SendWindow, 'room' | 'lane' | 'add'>;
  waiting: () => Promise<DueDestination[]>;
  claim: (rooms: readonly { destinationKey: string; room: number }[]) => Promise<LeasedDelivery[]>;
  lease: Pick<Lease, 'epoch'>;
  /** Whether this process may take more into memory now. */
  mayClaim: () => boolean;
  log: Logger;
};

/** A claim is one transaction; smaller ones let several processes take turns. */
const maxPerDestination = 500;

/** Takes what is due in Postgres into memory: retries, what found no room in the window, what a
 *  dead process left. A round asks for every destination that has something due and room, for as
 *  much as it has room, so no backlog is in another's way (P7). Runs until no more can be taken. */
export const claimWhatIsDue = async (ports: ClaimPorts, signal: AbortSignal): Promise<void> => {
  let more = true;
  while (more && !signal.aborted) more = await claimRound(ports);
};

/** @returns whether there is more to take at once. */
const claimRound = async ({ window, waiting, claim, lease, mayClaim, log }: ClaimPorts): Promise<boolean> => {
  if (!mayClaim()) return false;
  const due = (await waiting()).filter(({ dueInMs }) => dueInMs <= 0);
  const rooms = due.map(({ destinationKey }) => ({
    destinationKey,
    room: Math.min(window.room(destinationKey), maxPerDestination),
  }));
  for (const { destinationKey, room } of rooms) if (room <= 0) window.lane(destinationKey).backlogged = true;
  const open = rooms.filter(({ room }) => room > 0);
  if (open.length === 0 || !mayClaim()) return false;
  const { epoch } = lease;
  const claimed = await claim(open);
  if (claimed.length > 0) await failPoint('dispatch.claimed');
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
  window.add(
    claimed.map((delivery) => ({ delivery, placement: 'first' })),
    epoch,
  );
  return more;
};
