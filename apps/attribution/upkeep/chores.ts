import { repeat, type Liveness, type Repeated } from '#runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { surroundingsToken, type Surroundings } from '../surroundings.js';
import { Upkeep } from './upkeep.js';

export const livenessToken = Symbol('liveness');

/** Runs the upkeep on its timers, from the start of the application until its consumers have
 * finished. */
@Injectable()
export class Chores implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Repeated[] = [];

  constructor(
    @Inject(surroundingsToken) private readonly given: Surroundings,
    @Inject(livenessToken) private readonly health: Liveness,
    @Inject(Upkeep) private readonly upkeep: Upkeep,
  ) {}

  onApplicationBootstrap(): void {
    const { upkeep } = this;
    const sweepMs = this.given.config.ATTRIBUTION_SWEEP_MS;
    this.running = [
      this.start('sweep orphans', sweepMs, (signal) => upkeep.sweepOrphans(signal)),
      this.start('relay the outbox', sweepMs, (signal) => upkeep.relayOutbox(signal)),
      this.start('end holds', 5 * sweepMs, (signal) => upkeep.endHolds(signal)),
      this.start('lift caps', 5 * sweepMs, (signal) => upkeep.liftCaps(signal)),
      this.start('merge roll-ups', 15_000, (signal) => upkeep.mergeRollups(signal)),
      this.start('measure', Math.min(15_000, 10 * sweepMs), () => upkeep.measure()),
      this.start('partitions', 600_000, () => upkeep.keepPartitions()),
    ];
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.running.map((each) => each.stop()));
  }

  private start(name: string, everyMs: number, work: (signal: AbortSignal) => Promise<unknown>): Repeated {
    const { time, log } = this.given;
    return repeat({ name, everyMs, deadlineMs: 60_000, time, log, health: this.health }, work);
  }
}
