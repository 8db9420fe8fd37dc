import type { LeasedDelivery } from './delivery-record.js';
import {
  mayHaveBeenReceived,
  mayHaveBeenSent,
  replaced,
  returned,
  transition,
  type Blocked,
  type Calling,
  type Chain,
  type Ending,
  type Held,
  type Leaving,
  type Queued,
  type Slot,
} from './held-delivery.js';

/** How a delivery joins the earlier ones of its conversion and destination.
 *  - `first`: none was open when it was inserted or claimed.
 *  - `after_earlier`: behind the one in memory.
 *  - `replacing_earlier`: behind it, and instead of it if that one was never sent.
 *  - `too_late`: the lease under which it was taken is lost, so it goes back at once. */
export type Placement = 'first' | 'after_earlier' | 'replacing_earlier' | 'too_late';

/** What the caller has to do: `queued` joins the queue of its destination, `leaving` is recorded.
 */
export type Effect = Queued | Leaving;

const nothing: readonly Effect[] = [];

/** All deliveries in the memory of one process, in chains by conversion and destination. Holds P6:
 *  a delivery is queued only when every earlier one of its chain has left memory, which it does
 *  only when its ending is in Postgres. No I/O, no clock, no timer. */
export class HeldDeliveries {
  private readonly chains = new Map<string, Chain>();
  private readonly byId = new Map<string, Slot>();
  private phase: 'open' | 'stopped' = 'open';
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** After a crash of Postgres a delivery that is in memory may be inserted or claimed again with
   *  older data. The copy in memory goes on; its ending is stored under the same key. */
  add(delivery: LeasedDelivery, placement: Placement): readonly Effect[] {
    const known = this.byId.get(delivery.id);
    if (known && knowsMore(known.held, delivery)) return nothing;
    const key = `${delivery.conversionId} ${delivery.destinationKey}`;
    let chain = this.chains.get(key);
    if (!chain) this.chains.set(key, (chain = { key, slots: [] }));
    const before = chain.slots.at(-1)?.held;
    const { held } = this.place(delivery, chain, before ? 'blocked' : 'queued');
    const newer = chain.slots.filter(({ held: other }) => other.delivery.revision > delivery.revision);
    if (newer.length > 0) return behindNewer(chain, held, newer);
    // Its predecessor has just left and its ending is not known here: Postgres puts the two in
    // order.
    const unordered = !before && placement !== 'first';
    if (this.phase === 'stopped' || placement === 'too_late' || unordered)
      return [transition({ from: held, to: 'leaving', ending: returned })];
    if (held.kind === 'queued') return [held];
    if (!before || placement !== 'replacing_earlier' || !isUnsent(before)) return nothing;
    return [transition({ from: before, to: 'leaving', ending: replaced })];
  }

  start(queued: Queued): Calling {
    return transition({ from: queued, to: 'calling' });
  }

  finish(calling: Calling, ending: Ending): Leaving {
    return transition({ from: calling, to: 'leaving', ending });
  }

  /** The lease ran out before the first byte of the call, so another process may make it. */
  returnUnsent(calling: Calling): Leaving {
    return this.finish(calling, returned);
  }

  returnToQueue(queued: Queued): Leaving {
    return transition({ from: queued, to: 'leaving', ending: returned });
  }

  /** The ending is in Postgres. If it is to be sent again, what is behind it follows it into the
   *  queue. */
  recorded(leaving: Leaving): readonly Effect[] {
    const { slot, delivery, ending } = leaving;
    const { chain } = slot;
    const at = chain.slots.indexOf(slot);
    if (at < 0) throw new Error(`delivery ${delivery.id} was recorded twice`);
    chain.slots.splice(at, 1);
    this.count -= 1;
    if (this.byId.get(delivery.id) === slot) this.byId.delete(delivery.id);
    if (chain.slots.length === 0) {
      this.chains.delete(chain.key);
      return nothing;
    }
    this.passHistory(leaving, chain.slots[at]);
    const behind = chain.slots.slice(at);
    if (ending.state === 'waiting') return behind.flatMap(returnUnstarted);
    // Claimed again before its ending was written: that ending holds for both.
    const again = behind.filter(({ held }) => held.delivery.id === delivery.id).flatMap(returnUnstarted);
    if (again.length > 0) return again;
    const first = chain.slots[0]?.held;
    return at === 0 && first?.kind === 'blocked' ? [transition({ from: first, to: 'queued' })] : nothing;
  }

  /** The lease was lost, so other processes may have what has not started: all of it, also the
   *  middle of a chain, goes back as never sent. What is still leased to this process is due again
   *  at once. */
  returnUnstarted(): readonly Leaving[] {
    return [...this.chains.values()].flatMap(({ slots }) => slots.flatMap(returnUnstarted));
  }

  /** Nothing starts any more, and what comes later goes back at once. */
  stop(): readonly Leaving[] {
    this.phase = 'stopped';
    return this.returnUnstarted();
  }

  private place(delivery: LeasedDelivery, chain: Chain, kind: 'blocked' | 'queued'): Slot & { held: Blocked | Queued } {
    const slot = { chain } as Slot & { held: Blocked | Queued };
    slot.held = { kind, delivery, slot };
    chain.slots.push(slot);
    this.byId.set(delivery.id, slot);
    this.count += 1;
    return slot;
  }

  /** What the ad network received last, for the delivery that comes next. */
  private passHistory(leaving: Leaving, next: Slot | undefined): void {
    if (!next) return;
    const { held } = next;
    const { cause, lastReceived } = leaving.delivery;
    const latest = mayHaveBeenReceived(leaving) ? cause : (lastReceived ?? held.delivery.lastReceived);
    held.delivery.lastReceived = latest;
  }
}

/** A crash of Postgres took an earlier state that had ended here, and it comes again while a newer
 *  one is in memory. If a call was made for the newer one, this one was settled before; else both
 *  go back and Postgres puts them in order. */
const behindNewer = ({ slots }: Chain, held: Blocked | Queued, newer: readonly Slot[]): Leaving[] => {
  const isSettled = newer.some(
    ({ held: other }) => other.kind === 'calling' || (other.kind === 'leaving' && other.ending.called),
  );
  if (isSettled) return [transition({ from: held, to: 'leaving', ending: replaced })];
  return slots.flatMap(returnUnstarted);
};

const returnUnstarted = ({ held }: Slot): Leaving[] =>
  held.kind === 'queued' || held.kind === 'blocked'
    ? [transition({ from: held, to: 'leaving', ending: returned })]
    : [];

/** Never sent, so a newer state may take its place. */
const isUnsent = (held: Held): held is Blocked | Queued =>
  (held.kind === 'queued' || held.kind === 'blocked') && !mayHaveBeenSent(held.delivery);

/** A delivery that has left knows less than the same one claimed again, unless only it knows of a
 *  call. */
const knowsMore = (held: Held, again: LeasedDelivery): boolean =>
  held.kind !== 'leaving' || ((held.ending.called || mayHaveBeenSent(held.delivery)) && !mayHaveBeenSent(again));
