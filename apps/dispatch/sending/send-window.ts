import { failedSinceMs, isTurnedAway } from '#domain';
import type { Logger } from '#runtime';
import type { LeasedDelivery } from '#domain';
import type { Outcome } from '#postgres';
import { deliver, type Attempted, type DeliverPorts } from './deliver.js';
import type { Destinations } from './destinations.js';
import { Lane, shareOf, type Caps, type Item } from './lane.js';
import type { DispatchMetrics } from '../metrics.js';
import type { Recorder } from '../claiming/recorder.js';

export type WindowPorts = DeliverPorts & {
  destinations: Destinations;
  recorder: Recorder;
  numbers: DispatchMetrics;
  log: Logger;
  /** Until when the lease on what is in memory is good. */
  leaseGoodUntilMs: () => number;
  /** The dispatch processes that share the caps, and which of them this is, from 0. */
  sharing: () => { processes: number; rank: number };
  /** A destination's breaker closed: what has failed since then may go now. */
  recovered: (destinationKey: string, failedSinceMs: number) => void;
  /** There is room again for what waits in Postgres. */
  hungry: () => void;
  maxHeld: number;
};

export type Window = ReturnType<typeof createWindow>;

const tickMs = 20;
const defaultCaps: Caps = { inFlight: 32, perSecond: null };

/** The deliveries in this process's memory, sent as each destination's lane allows. Everything in it is leased to the process in Postgres;
 *  whatever leaves it leaves by an outcome that is written there. */
export const createWindow = (ports: WindowPorts) => {
  const { now, recorder, destinations, numbers, log } = ports;
  const lanes = new Map<string, Lane>();
  /** The last delivery of each conversion and destination, until it is in Postgres. */
  const tails = new Map<string, Item>();
  const byId = new Map<string, Item>();
  let held = 0;
  let stopping = false;
  let inFlight = 0;
  let drained: (() => void) | null = null;

  const laneOf = (key: string): Lane => {
    let lane = lanes.get(key);
    if (!lane) lanes.set(key, (lane = new Lane(key)));
    lane.usedAtMs = now();
    return lane;
  };
  /** Looked up anew once per tick: it is asked for at the end of every call. */
  const caps = new Map<string, Caps>();
  const capsOf = (key: string): Caps => {
    const known = caps.get(key);
    if (known) return known;
    const own = destinations.byKey(key)?.settings.caps ?? defaultCaps;
    const shared = shareOf(own, ports.sharing());
    caps.set(key, shared);
    return shared;
  };
  const letGo = (item: Item): void => {
    held -= 1;
    if (byId.get(item.id) === item) byId.delete(item.id);
  };

  /** Out of memory without a call, by an outcome; `recorded` is called when that is in Postgres. */
  const leave = (item: Item, state: 'waiting' | 'parked' | 'superseded', reason: string | null): void => {
    item.dropped = true;
    record(item, { state, reason, dueAtMs: null, attempt: null });
  };

  const record = (item: Item, outcome: Omit<Outcome, 'id' | 'conversionId' | 'destinationKey' | 'once'>): void => {
    const { id, conversionId, destinationKey, once } = item;
    item.ended = true;
    recorder.add({ id, conversionId, destinationKey, once, ...outcome }, () => {
      letGo(item);
      if (tails.get(item.chain) === item) tails.delete(item.chain);
      const { next } = item;
      if (!next) return;
      next.chained = false;
      next.lastReceived = mayHaveBeenReceived(item, outcome) ? item.cause : (item.lastReceived ?? next.lastReceived);
      if (next.dropped) return;
      // The next state may go if this one is settled; if this one is to be tried again, the next waits in Postgres behind it.
      if (outcome.state === 'waiting') leave(next, 'waiting', null);
      else {
        const lane = laneOf(item.destinationKey);
        lane.pushFirst(next);
        pump(lane);
      }
    });
  };

  /** @param behind an earlier delivery of the same conversion was in this process's hands a moment ago. */
  const add = (deliveries: readonly LeasedDelivery[], behind: ReadonlySet<string> = new Set()): void => {
    const touched = new Set<Lane>();
    for (const delivery of deliveries) {
      const called = delivery.attempts > 0 || delivery.maybeSent;
      // A crash of Postgres took it or its claim, and it came again, knowing less: what is here of it goes on, and is written to what came.
      // One that has ended here and knows of it has been claimed again, or has come to life again.
      const known = byId.get(delivery.id);
      if (known && (!known.ended || (known.called && !called))) continue;
      const item: Item = {
        ...delivery,
        next: null,
        chained: false,
        chain: `${delivery.conversionId} ${delivery.destinationKey}`,
        started: false,
        called,
        dropped: false,
        ended: false,
      };
      const lane = laneOf(item.destinationKey);
      const before = tails.get(item.chain);
      held += 1;
      byId.set(item.id, item);
      tails.set(item.chain, item);
      if (!before) {
        // Its predecessor has just left: how it ended is not known here, so Postgres puts them in order.
        if (behind.has(item.id)) leave(item, 'waiting', null);
        else lane.push(item);
      } else {
        const replaces = !item.follows && !before.started && !before.dropped && !before.called;
        // In the middle of a line: who is in front of it knows only the one that leaves, so Postgres puts this one in order.
        const inTheMiddle = replaces && before.chained;
        if (replaces) leave(before, 'superseded', 'newer_state');
        if (inTheMiddle) leave(item, 'waiting', null);
        else {
          before.next = item;
          item.chained = true;
        }
      }
      touched.add(lane);
    }
    for (const lane of touched) pump(lane);
  };

  const pump = (lane: Lane): void => {
    if (stopping || recorder.behind()) return;
    const at = now();
    if (at > ports.leaseGoodUntilMs()) return;
    const own = capsOf(lane.key);
    for (let item = lane.take(own, at); item; item = lane.take(own, at)) void run(lane, item);
    if (lane.backlogged && lane.room(own, at) > lane.queued) ports.hungry();
  };

  const run = async (lane: Lane, item: Item): Promise<void> => {
    inFlight += 1;
    const startedAtMs = now();
    let attempted: Attempted;
    try {
      attempted = await deliver(item, destinations.byKey(item.destinationKey), ports);
    } catch (thrown) {
      // A bug of ours must not hold a slot for ever, nor be retried in a hot loop.
      log.error({ event: 'delivery.failed', delivery: item.id, error: String(thrown), stack: (thrown as Error).stack });
      attempted = { verdict: { kind: 'parked', reason: 'internal_error' }, call: null, ok: true };
    }
    inFlight -= 1;
    item.called ||= attempted.call !== null;
    settle(lane, item, attempted, startedAtMs);
    pump(lane);
    if (inFlight === 0) drained?.();
  };

  const settle = (lane: Lane, item: Item, { verdict, call, ok }: Attempted, startedAtMs: number): void => {
    const at = now();
    const restUntilMs = verdict.kind === 'retry' ? verdict.restUntilMs : null;
    const before = lane.breaker;
    const accepted = verdict.kind === 'delivered';
    const change = call ? lane.finish({ ok, accepted, startedAtMs, restUntilMs }, at) : lane.release();
    numbers.attempted(item, verdict, call?.result ?? null);
    const level = verdict.kind === 'delivered' ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) log[level](attemptLine(item, { verdict, call, ok }));
    record(item, {
      state: verdict.kind === 'retry' ? 'waiting' : verdict.kind,
      reason: verdict.kind === 'delivered' ? null : verdict.reason,
      dueAtMs: verdict.kind === 'retry' ? verdict.dueAtMs : null,
      attempt: call && {
        atMs: call.atMs,
        number: item.attempts + 1,
        method: call.request.method,
        url: call.shownUrl,
        status: call.result.kind === 'answered' ? call.result.status : null,
        ms: call.result.ms,
        outcome: call.outcome,
        answer: call.result.kind === 'answered' ? call.result.body : call.result.message,
      },
    });
    if (change) {
      log.warn({ event: `breaker.${change}`, destination: lane.key, failingSince: startedAtMs });
      numbers.breaker(lane.key, change);
    }
    const sinceMs = change === 'closed' ? failedSinceMs(before, at) : null;
    if (sinceMs !== null) ports.recovered(lane.key, sinceMs);
    if (lane.stopped(capsOf(lane.key), at)) giveBack(lane);
  };

  /** Back to Postgres, where they stand in the order of their due time. */
  const giveBack = (lane: Lane): void => {
    for (const item of lane.empty()) leave(item, 'waiting', null);
  };

  const timer = setInterval(() => {
    const at = now();
    caps.clear();
    for (const lane of lanes.values()) {
      if (lane.queued > 0) {
        if (lane.stopped(capsOf(lane.key), at)) giveBack(lane);
        else pump(lane);
      } else if (lane.isIdle(at)) lanes.delete(lane.key);
    }
  }, tickMs);

  return {
    add,
    lanes: (): readonly Lane[] => [...lanes.values()],
    lane: laneOf,
    held: (): number => held,
    inFlight: (): number => inFlight,
    room: (key: string): number => Math.min(laneOf(key).room(capsOf(key), now()), Math.max(0, ports.maxHeld - held)),
    worthWaiting: (key: string, count: number): boolean => laneOf(key).worthWaiting(count, capsOf(key), now()),
    /** Whether a delivery is in this memory, until what became of it is in Postgres. */
    holds: (id: string): boolean => byId.has(id),
    /** The lease ran out while this process was frozen: what has not started may belong to others now, also what waits behind a call in
     *  flight. What nobody has taken over is still leased to this process, and is found astray. */
    forget(): void {
      const unstarted = [...tails.values()].filter(({ started }) => !started);
      for (const lane of lanes.values()) unstarted.push(...lane.empty());
      for (const item of unstarted) {
        if (item.dropped) continue;
        item.dropped = true;
        letGo(item);
        if (tails.get(item.chain) === item) tails.delete(item.chain);
      }
    },
    /** Starts nothing new, gives back what has not started and waits for what has, no longer than told. */
    async stop(patienceMs: number): Promise<void> {
      stopping = true;
      clearInterval(timer);
      for (const lane of lanes.values()) giveBack(lane);
      if (inFlight === 0) return;
      let late: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        drained = resolve;
        late = setTimeout(resolve, patienceMs);
      });
      clearTimeout(late);
    },
  };
};

/** Whether the ad network knows of it, or may: the same rule as in Postgres (`mayHaveBeenReceived`). */
const mayHaveBeenReceived = (
  { called, attempts, maybeSent }: Item,
  { state, reason }: Pick<Outcome, 'state' | 'reason'>,
): boolean => called && !(state === 'parked' && attempts === 0 && !maybeSent && isTurnedAway(reason));

const attemptLine = (item: Item, { verdict, call }: Attempted): object => ({
  event: 'delivery.attempted',
  delivery: item.id,
  conversion: item.conversionId,
  destination: item.destinationKey,
  cause: item.cause,
  attempt: item.attempts + (call ? 1 : 0),
  outcome: verdict.kind,
  ...(verdict.kind === 'delivered' ? {} : { reason: verdict.reason }),
  ...(verdict.kind === 'retry' ? { dueAt: new Date(verdict.dueAtMs).toISOString() } : {}),
  ...(call ? { ms: call.result.ms, status: call.result.kind === 'answered' ? call.result.status : null } : {}),
});
