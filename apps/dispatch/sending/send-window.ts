import {
  failedSinceMs,
  HeldDeliveries,
  type Calling,
  type Effect,
  type LeasedDelivery,
  type Leaving,
  type Placement,
} from '#domain';
import { failPoint, type Logger } from '#runtime';
import type { Lease } from '../claiming/lease.js';
import type { Recorder } from '../claiming/recorder.js';
import type { DispatchMetrics } from '../metrics.js';
import { attemptLine, outcomeOf } from './attempt-record.js';
import { deliver, type Attempted, type DeliverPorts } from './deliver.js';
import type { Destinations } from './destinations.js';
import { Lane, shareOf, type Caps } from './lane.js';

type WindowPorts = DeliverPorts & {
  destinations: Destinations;
  recorder: Pick<Recorder, 'add' | 'isOverloaded'>;
  metrics: DispatchMetrics;
  log: Logger;
  /** Whether the lease on what is in memory is good, and this process's part of the caps. */
  lease: Pick<Lease, 'epoch' | 'isGood' | 'share'>;
  /** A destination's breaker has closed: what failed within the last `sinceMs` may be sent now. */
  recovered: (destinationKey: string, sinceMs: number) => void;
  /** There is room again for what waits in Postgres. */
  hasRoom: () => void;
  maxHeld: number;
};

export type Incoming = { delivery: LeasedDelivery; placement: Placement };

const defaultCaps: Caps = { inFlight: 32, perSecond: null };
/** How often the owner calls `tick`. */
export const tickMs = 20;

/** Sends the deliveries in this process's memory as each destination's lane allows. Which delivery
 *  may go is decided by `HeldDeliveries`; this shell makes the calls and has the endings recorded.
 *  Everything in it is leased to the process in Postgres. */
export class SendWindow {
  private readonly held = new HeldDeliveries();
  private readonly lanes = new Map<string, Lane>();
  /** Looked up once per tick: it is needed at the end of every call. */
  private readonly caps = new Map<string, Caps>();
  private phase: 'open' | 'stopped' = 'open';
  private calls = 0;
  private lastCallEnded: (() => void) | null = null;

  constructor(private readonly ports: WindowPorts) {}

  get size(): number {
    return this.held.size;
  }

  get inFlight(): number {
    return this.calls;
  }

  /** Whether a delivery is in memory, which it is until its ending is in Postgres. */
  has(id: string): boolean {
    return this.held.has(id);
  }

  allLanes(): readonly Lane[] {
    return [...this.lanes.values()];
  }

  lane(key: string): Lane {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = new Lane(key)));
    lane.usedAtMs = this.ports.time.monotonicMs();
    return lane;
  }

  /** How many more deliveries of a destination it takes. */
  room(key: string): number {
    const lane = this.lane(key).room(this.capsOf(key), this.ports.time.monotonicMs());
    return Math.min(lane, Math.max(0, this.ports.maxHeld - this.held.size));
  }

  /** The same for what is new: it goes behind what already waits in Postgres. */
  roomForNew(key: string): number {
    return this.lane(key).backlogged ? 0 : this.room(key);
  }

  shouldWaitForRoom(key: string, count: number): boolean {
    return this.lane(key).shouldWaitForRoom(count, this.capsOf(key), this.ports.time.monotonicMs());
  }

  /** @param epoch of the lease when the deliveries were asked for. */
  add(incoming: readonly Incoming[], epoch: number): void {
    const inTime = epoch === this.ports.lease.epoch;
    const touched = new Set<Lane>();
    for (const { delivery, placement } of incoming) {
      const lane = this.lane(delivery.destinationKey);
      for (const effect of this.held.add(delivery, inTime ? placement : 'too_late')) {
        if (effect.kind === 'queued') lane.push(effect);
        else this.record(effect, null);
      }
      touched.add(lane);
    }
    for (const lane of touched) this.pump(lane);
  }

  /** Whether no destination has more calls in flight than this process's share of its cap allows.
   */
  isWithinShare(): boolean {
    this.caps.clear();
    return this.allLanes().every((lane) => lane.inFlight <= this.capsOf(lane.key).inFlight);
  }

  /** Sends what may go now and returns what a stopped destination holds. */
  tick(): void {
    const nowMs = this.ports.time.monotonicMs();
    this.caps.clear();
    for (const lane of this.lanes.values()) {
      if (lane.queued > 0) {
        if (lane.stopped(this.capsOf(lane.key), nowMs)) this.returnToQueue(lane);
        else this.pump(lane);
      } else if (lane.isIdle(nowMs)) this.lanes.delete(lane.key);
    }
  }

  /** The lease ran out while this process was frozen, or Postgres has crashed: other processes may
   *  have what has not started. It goes back as never sent. */
  returnUnstarted(): void {
    for (const leaving of this.held.returnUnstarted()) this.record(leaving, null);
  }

  /** Starts no call any more, returns what has not started as never sent, and waits for the calls
   *  in flight: each ends by its destination's own timeout.
   *  @param maxWaitMs what is in flight after that may arrive and is recorded as maybe sent. */
  async stop(maxWaitMs: number): Promise<void> {
    this.phase = 'stopped';
    for (const leaving of this.held.stop()) this.record(leaving, null);
    if (this.calls === 0) return;
    const ended = new AbortController();
    this.lastCallEnded = () => ended.abort();
    await this.ports.time.wait(maxWaitMs, ended.signal);
  }

  private capsOf(key: string): Caps {
    const known = this.caps.get(key);
    if (known) return known;
    const whole = this.ports.destinations.byKey(key)?.settings.caps ?? defaultCaps;
    const own = shareOf(whole, this.ports.lease.share());
    this.caps.set(key, own);
    return own;
  }

  private pump(lane: Lane): void {
    const { recorder, lease, time } = this.ports;
    if (this.phase === 'stopped' || recorder.isOverloaded() || !lease.isGood()) return;
    const nowMs = time.monotonicMs();
    const own = this.capsOf(lane.key);
    for (let next = lane.take(own, nowMs); next; next = lane.take(own, nowMs))
      void this.call(lane, this.held.start(next));
    if (lane.backlogged && lane.room(own, nowMs) > lane.queued) this.ports.hasRoom();
  }

  private async call(lane: Lane, calling: Calling): Promise<void> {
    const { delivery } = calling;
    this.calls += 1;
    const { lease, destinations, time } = this.ports;
    const startedAtMs = time.monotonicMs();
    const { epoch } = lease;
    // A process that froze since has lost its lease, and another may have made the call.
    const mayStart = () => lease.isGood() && lease.epoch === epoch;
    await failPoint('dispatch.calling');
    let attempted: Attempted | null;
    try {
      attempted = await deliver(delivery, destinations.byKey(delivery.destinationKey), this.ports, mayStart);
    } catch (thrown) {
      // A bug of ours: parked, because it must neither hold a slot nor retry in a hot loop.
      const { stack } = thrown as Error;
      this.ports.log.error({ event: 'delivery.failed', delivery: delivery.id, error: String(thrown), stack });
      attempted = { verdict: { kind: 'parked', reason: 'internal_error' }, call: null, ok: true };
    }
    await failPoint('dispatch.sent');
    this.calls -= 1;
    if (attempted) this.settle(lane, calling, attempted, startedAtMs);
    else this.returnUnsent(lane, calling);
    this.pump(lane);
    if (this.calls === 0) this.lastCallEnded?.();
  }

  private returnUnsent(lane: Lane, calling: Calling): void {
    lane.release();
    this.ports.log.info({ event: 'call.not_started', delivery: calling.delivery.id });
    this.record(this.held.returnUnsent(calling), null);
  }

  private settle(lane: Lane, calling: Calling, attempted: Attempted, startedAtMs: number): void {
    const { metrics, log } = this.ports;
    const { verdict, call } = attempted;
    metrics.attempted(calling.delivery, verdict, call?.result ?? null);
    const level = verdict.kind === 'delivered' ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) log[level](attemptLine(calling.delivery, attempted));
    const leaving = this.held.finish(calling, {
      state: verdict.kind === 'retry' ? 'waiting' : verdict.kind,
      reason: verdict.kind === 'delivered' ? null : verdict.reason,
      called: call !== null,
    });
    this.record(leaving, attempted);
    this.settleLane(lane, attempted, startedAtMs);
  }

  private settleLane(lane: Lane, { verdict, call, ok }: Attempted, startedAtMs: number): void {
    const { log, metrics, recovered, time } = this.ports;
    const nowMs = time.monotonicMs();
    const before = lane.breaker;
    const accepted = verdict.kind === 'delivered';
    const restMs = verdict.kind === 'retry' ? verdict.restMs : null;
    const change = call ? lane.finish({ ok, accepted, startedAtMs, restMs }, nowMs) : lane.release();
    if (change) {
      log.warn({ event: `breaker.${change}`, destination: lane.key, failingForMs: Math.round(nowMs - startedAtMs) });
      metrics.breaker(change);
    }
    const sinceMs = change === 'closed' ? failedSinceMs(before, nowMs) : null;
    if (sinceMs !== null) recovered(lane.key, nowMs - sinceMs);
    if (lane.stopped(this.capsOf(lane.key), nowMs)) this.returnToQueue(lane);
  }

  /** To Postgres, where it waits in the order of its due time. */
  private returnToQueue(lane: Lane): void {
    for (const queued of lane.empty()) this.record(this.held.returnToQueue(queued), null);
  }

  private record(leaving: Leaving, attempted: Attempted | null): void {
    this.ports.recorder.add(outcomeOf(leaving, attempted), () => this.apply(this.held.recorded(leaving)));
  }

  /** A delivery whose predecessor has ended goes to the front: it has waited long enough. */
  private apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'leaving') this.record(effect, null);
      else {
        const lane = this.lane(effect.delivery.destinationKey);
        lane.pushFirst(effect);
        this.pump(lane);
      }
    }
  }
}
