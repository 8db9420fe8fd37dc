import type { ConversionChangedV1 } from '#contracts';
import { createRateBook, type Verdict } from '#domain';
import { createNames, createSender, type Sender } from '#http';
import {
  bringForward,
  claimDue,
  destinationsWaiting,
  flushed,
  putWitness,
  readCatalogEntries,
  recordOutcomes,
  type Database,
} from '#postgres';
import {
  messageOf,
  repeat,
  type Liveness,
  type Logger,
  type Metrics,
  type Random,
  type Repeated,
  type Time,
} from '#runtime';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { claimWhatIsDue } from './claiming/claim.js';
import { Lease } from './claiming/lease.js';
import { createMaker } from './claiming/make-deliveries.js';
import { createRecorder, type Recorder } from './claiming/recorder.js';
import { createStraySearch } from './claiming/stray-deliveries.js';
import type { DispatchConfig } from './config.js';
import { dispatchConversions } from './dispatch.pipeline.js';
import { dispatchMetrics, type DispatchMetrics } from './metrics.js';
import type { CatalogKey, Destinations } from './sending/destinations.js';
import { SendWindow } from './sending/send-window.js';
import { keepAttempts, readRates, startChores } from './upkeep/chores.js';
import { followPauses } from './upkeep/destination-report.js';

export type DispatchContext = {
  config: DispatchConfig;
  pool: Database['pool'];
  destinations: Destinations;
  metrics: Metrics;
  liveness: Liveness;
  log: Logger;
  time: Time;
  random: Random;
  /** Opens the secrets of a catalog entry. */
  open: (text: string, entryName: string) => string;
};
export const dispatchContext = Symbol('dispatch context');

const claimEveryMs = 200;
const claimDeadlineMs = 15_000;
/** Readiness fails when Postgres has not confirmed the lease for this long. */
const confirmedWithinMs = 2_500;

/** Composes dispatch and follows the life of the process: it holds a lease before it takes the
 *  first batch, and after the last batch it ends what is in flight and writes everything down. */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly metrics: DispatchMetrics;
  private readonly lease: Lease;
  private readonly recorder: Recorder;
  private readonly sender: Sender;
  private readonly window: SendWindow;
  private readonly rates = createRateBook();
  private claims: Repeated | null = null;
  private chores: Repeated[] = [];
  /** One verdict per change; see `dispatch.pipeline.ts`. */
  readonly dispatch: (changes: readonly ConversionChangedV1[]) => Promise<Verdict[]>;

  constructor(@Inject(dispatchContext) private readonly context: DispatchContext) {
    const { config, pool, destinations, metrics, log, time, random, liveness } = context;
    this.metrics = dispatchMetrics(metrics, time);
    this.lease = new Lease({
      ...{ pool, log, time, random, leaseMs: config.DISPATCH_LEASE_MS },
      lost: () => this.window.returnUnstarted(),
      isWithinShare: () => this.window.isWithinShare(),
    });
    this.recorder = createRecorder({
      ...{ time, liveness },
      record: (outcomes) => recordOutcomes(pool, this.lease.owner, outcomes),
      failed: (thrown, waiting) => log.warn({ event: 'outcomes.write_failed', waiting, error: messageOf(thrown) }),
      reduced: ({ id }, recordedAs, error) => {
        this.metrics.outcomeReduced(recordedAs);
        log.error({ event: 'outcome.not_stored_whole', delivery: id, recordedAs, error: messageOf(error) });
      },
    });
    this.sender = createSender({
      allowAddresses: config.CAROM_ALLOW_ADDRESSES,
      allowPorts: config.CAROM_ALLOW_PORTS,
      names: createNames({ metrics, time }),
      maxPools: config.DISPATCH_POOLS,
      userAgent: 'Carom',
      now: () => time.monotonicMs(),
    });
    this.window = new SendWindow({
      ...{ destinations, log, time, random, recorder: this.recorder, metrics: this.metrics },
      sender: this.sender,
      rates: this.rates.lookup,
      lease: this.lease,
      recovered: (key, sinceMs) => void this.bringForward(key, sinceMs),
      hasRoom: () => void this.claims?.now(),
      maxHeld: config.DISPATCH_WINDOW,
    });
    this.dispatch = dispatchConversions({
      ...{ destinations, window: this.window, lease: this.lease, metrics: this.metrics, time },
      learn: (wanted) => this.learn(wanted),
      make: createMaker(pool, this.lease.owner, time),
      rates: this.rates.lookup,
    });
  }

  /** Rejects when Postgres does not answer: without a lease nothing may be held. */
  async onApplicationBootstrap(): Promise<void> {
    const { config, pool, log, time, liveness } = this.context;
    const { window, lease, rates } = this;
    const keepAttemptsDays = config.DISPATCH_KEEP_ATTEMPTS_DAYS;
    await lease.renew();
    await lease.takeOver();
    await putWitness(pool, lease.owner);
    await keepAttempts({ pool, time, keepAttemptsDays }).catch((thrown: unknown) =>
      log.warn({ event: 'attempts.not_kept', error: messageOf(thrown) }),
    );
    await followPauses(pool, window);
    await readRates({ pool, rates, time });
    const claiming = { name: 'claim deliveries', everyMs: claimEveryMs, deadlineMs: claimDeadlineMs };
    this.claims = repeat({ ...claiming, time, log, health: liveness }, (signal) =>
      claimWhatIsDue(
        {
          ...{ window, lease, log },
          waiting: () => destinationsWaiting(pool),
          claim: (rooms) => claimDue(pool, lease.owner, rooms),
          mayClaim: () => !this.recorder.isOverloaded() && lease.isGood(),
        },
        signal,
      ),
    );
    this.chores = startChores({
      ...{ pool, lease, window, rates, metrics: this.metrics, log, time, liveness, keepAttemptsDays },
      findStrays: createStraySearch({ pool, owner: lease.owner, log, has: (id) => window.has(id) }),
      openPools: this.sender.openPools,
      leaseMs: config.DISPATCH_LEASE_MS,
    });
  }

  /** After the consumer has stopped. The lease is renewed for as long as calls are in flight. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.claims?.stop();
    await this.window.stop(this.context.config.DISPATCH_STOP_MS);
    await this.recorder.flush();
    await Promise.all(this.chores.map((chore) => chore.stop()));
    await this.sender.close();
    await this.lease.end();
  }

  /** Whether everything that was inserted before is on disk. False after a crash of Postgres: the
   *  batch has to come again. */
  readonly durable = async (): Promise<boolean> => {
    const { pool } = this.context;
    if (await flushed(pool, this.lease.owner)) return true;
    // What was lost with the crash is made again, maybe by another process: Postgres keeps the
    // order.
    this.window.returnUnstarted();
    await putWitness(pool, this.lease.owner);
    return false;
  };

  isReady(): boolean {
    return this.lease.isGood() && this.lease.renewedWithin(confirmedWithinMs);
  }

  private async learn(wanted: readonly CatalogKey[]): Promise<void> {
    const { pool, destinations, open, log } = this.context;
    for (const entry of await readCatalogEntries(pool, wanted)) destinations.applySealed(entry, open);
    log.info({ event: 'catalog.looked_up', wanted: wanted.map(({ kind, key }) => `${kind}:${key}`) });
  }

  private async bringForward(destinationKey: string, sinceMs: number): Promise<void> {
    const { pool, log } = this.context;
    try {
      await bringForward(pool, destinationKey, sinceMs);
    } catch (thrown) {
      log.warn({ event: 'deliveries.not_brought_forward', destinationKey, error: messageOf(thrown) });
    }
    await this.claims?.now();
  }
}
