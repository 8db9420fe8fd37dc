import { endLease, renewLease, takeOverLeases, type Database } from '#postgres';
import type { Logger, Random, Time } from '#runtime';

type LeasePorts = {
  pool: Database['pool'];
  log: Logger;
  time: Time;
  random: Random;
  leaseMs: number;
  /** Others may have taken over what this process holds. */
  lost: () => void;
};

/** This process's claim on the deliveries that it holds. It ends by itself when it is not renewed, and
 *  then other processes take over. Measured by the monotonic clock: a step of the wall clock moves nothing. */
export class Lease {
  readonly owner: string;
  private goodUntilMs = Number.NEGATIVE_INFINITY;
  private renewedAtMs = Number.NEGATIVE_INFINITY;
  private shareOfCaps = { processes: 1, rank: 0 };

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

  /** The dispatch processes that share the caps of the destinations, and this one's place, from 0. */
  share(): { processes: number; rank: number } {
    return this.shareOfCaps;
  }

  /** Also frees what dead processes held. Throws when Postgres does not answer. */
  async renew(): Promise<void> {
    const { pool, log, leaseMs, time, lost } = this.ports;
    const askedAtMs = time.monotonicMs();
    const isFirst = this.goodUntilMs === Number.NEGATIVE_INFINITY;
    const { held, processes, rank } = await renewLease(pool, this.owner, leaseMs, isFirst);
    if (!held) {
      log.warn({ event: 'lease.lost' });
      lost();
    }
    // This process gives up earlier than the others take over.
    this.goodUntilMs = askedAtMs + leaseMs * 0.9;
    this.renewedAtMs = askedAtMs;
    this.shareOfCaps = { processes, rank };
    const freed = await takeOverLeases(pool);
    if (freed > 0) log.warn({ event: 'lease.taken_over', deliveries: freed });
  }

  /** After the last outcome of a clean stop. Calls that did not end in time are due again as maybe sent. */
  end(): Promise<void> {
    return endLease(this.ports.pool, this.owner);
  }
}
