import { endLease, putLeaseWitness, renewLease, takeOverLeases, type Database } from '#postgres';
import type { Logger, Random, Time } from '#runtime';

type LeasePorts = {
  pool: Database['pool'];
  log: Logger;
  time: Time;
  random: Random;
  leaseMs: number;
  /** Others may have what this process holds: its lease had run out, or Postgres has crashed. */
  lost: () => void;
  /** Whether what is in flight fits the share of the caps. */
  isWithinShare: () => boolean;
};

/** Of the processes alive, which this one is, from 0. */
type Share = { processes: number; rank: number };

/** This process's claim on the deliveries that it holds. It ends by itself when it is not renewed,
 *  and then other processes take over. Measured by the monotonic clock: a step of the wall clock
 *  moves nothing. */
export class Lease {
  readonly owner: string;
  private goodUntilMs = Number.NEGATIVE_INFINITY;
  private renewedAtMs = Number.NEGATIVE_INFINITY;
  private shareOfCaps: Share | null = null;
  /** Counts the leases that this process has lost. What was inserted or claimed under an earlier
   *  one may belong to another process by now. */
  epoch = 0;

  constructor(private readonly ports: LeasePorts) {
    this.owner = ports.random.uuidV7(ports.time.nowMs());
  }

  isGood(): boolean {
    return this.ports.time.monotonicMs() < this.goodUntilMs;
  }

  /** Whether Postgres has confirmed the lease within the last `withinMs`. */
  renewedWithin(withinMs: number): boolean {
    return this.ports.time.monotonicMs() - this.renewedAtMs < withinMs;
  }

  /** This process's part of the caps of the destinations. Null while the processes that were here
   *  before have calls in flight beyond their smaller share: together they would exceed the caps.
   */
  share(): Share | null {
    return this.shareOfCaps;
  }

  /** Throws when Postgres does not answer. */
  async renew(): Promise<void> {
    const { pool, log, leaseMs, time, lost, isWithinShare } = this.ports;
    const askedAtMs = time.monotonicMs();
    const first = this.goodUntilMs === Number.NEGATIVE_INFINITY;
    const renewed = await renewLease(pool, this.owner, leaseMs, { first, settled: isWithinShare() });
    if (renewed.crashed) await putLeaseWitness(pool, this.owner);
    if (!first && (!renewed.held || renewed.crashed)) {
      log.warn({ event: 'lease.lost', crashed: renewed.crashed });
      this.epoch += 1;
      lost();
    }
    // This process gives up earlier than the others take over.
    this.goodUntilMs = askedAtMs + leaseMs * 0.9;
    this.renewedAtMs = askedAtMs;
    this.shareOfCaps = renewed.admitted ? renewed : null;
  }

  /** Frees what dead processes held. */
  async takeOver(): Promise<void> {
    const freed = await takeOverLeases(this.ports.pool);
    if (freed > 0) this.ports.log.warn({ event: 'lease.taken_over', deliveries: freed });
  }

  /** After the last outcome of a clean stop. Calls that did not end in time are due again as maybe
   *  sent. */
  end(): Promise<void> {
    return endLease(this.ports.pool, this.owner);
  }
}
