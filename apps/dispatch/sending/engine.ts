import { randomUUID } from 'node:crypto';
import { openCatalogEntry } from '#contracts';
import { createRateBook, dayMs, failingShareOf, rateBookDays, type NewDelivery } from '#domain';
import { createSender } from '#http';
import {
  bringForward,
  claimDue,
  deliveryBacklog,
  destinationsWaiting,
  dropAttemptDays,
  endLease,
  ensureAttemptDays,
  flushed,
  giveBackDeliveries,
  inTransaction,
  insertDeliveries,
  isLockedByAnother,
  lastReceivedStates,
  leasedDeliveries,
  listRates,
  lockOpenEarlier,
  lockOpenEarlierOrSee,
  pausedDestinations,
  putWitness,
  readCatalogEntries,
  recordOutcomes,
  renewLease,
  reportDestinations,
  supersedeDeliveries,
  takeOverLeases,
  type Database,
  type DestinationReport,
  type Queryable,
} from '#postgres';
import { messageOf, type Logger, type Metrics } from '#runtime';
import { startClaiming } from '../claiming/claim.js';
import type { DispatchConfig } from '../config.js';
import type { CatalogKey, Destinations } from './destinations.js';
import type { Arranged, Before } from '../arrange.js';
import { dispatchConversions, type Later } from '../dispatch.pipeline.js';
import type { Lane } from './lane.js';
import { dispatchMetrics } from '../metrics.js';
import { createRecorder } from '../claiming/recorder.js';
import { createWindow } from './send-window.js';

const controlsEveryMs = 1_000;
const reportEveryMs = 2_000;
const backlogEveryMs = 15_000;
const ratesEveryMs = 60_000;
const maintainEveryMs = 3_600_000;

type EngineOptions = {
  config: DispatchConfig;
  pool: Database['pool'];
  destinations: Destinations;
  metrics: Metrics;
  log: Logger;
  /** Opens the secrets of a catalog entry. */
  open: (text: string) => string;
};

/** Puts the parts together and keeps the clocks: lease, controls, reports, partitions. Starts when the first lease is held; rejects when Postgres
 *  does not answer. */
export const startEngine = async ({ config, pool, destinations, metrics, log, open }: EngineOptions) => {
  const owner = randomUUID();
  const leaseMs = config.DISPATCH_LEASE_MS;
  const now = (): number => Date.now();
  const numbers = dispatchMetrics(metrics);
  const sender = createSender({
    allowAddresses: config.CAROM_ALLOW_ADDRESSES,
    allowPorts: config.CAROM_ALLOW_PORTS,
    maxPools: config.DISPATCH_POOLS,
    userAgent: 'Carom',
    now,
  });
  const rates = createRateBook();
  let leaseGoodUntilMs = 0;
  let sharing = { processes: 1, rank: 0 };
  let stopping = false;
  /** Each batch has a moment of its own, see `insertDeliveries`. */
  let batchMadeAtMs = 0;

  const recorder = createRecorder({
    record: (outcomes) => recordOutcomes(pool, owner, outcomes, now()),
    failed: (thrown, waiting) => log.warn({ event: 'outcomes.write_failed', waiting, error: messageOf(thrown) }),
  });
  const window = createWindow({
    destinations,
    recorder,
    numbers,
    log,
    now,
    send: sender.send,
    rates: rates.lookup,
    random: Math.random,
    leaseGoodUntilMs: () => leaseGoodUntilMs,
    sharing: () => sharing,
    recovered: (key, sinceMs) =>
      void quietly('bring forward', async () => void (await bringForward(pool, key, sinceMs))).then(() =>
        claims.wake(),
      ),
    hungry: () => claims.wake(),
    maxHeld: config.DISPATCH_WINDOW,
  });

  const quietly = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      log.warn({ event: 'dispatch.chore_failed', what, error: messageOf(thrown) });
    }
  };

  /** Leased to this process but not in its memory: the answer to an insert or a claim was lost after its commit, or the delivery was let go
   *  with a lost lease. This process lives, so nobody else would ever take it. Seen twice before it is given back, because between the
   *  commit and its answer a delivery is for a moment in neither. */
  let astray = new Set<string>();
  const findAstray = async (): Promise<void> => {
    const leased = await leasedDeliveries(pool, owner);
    const seen = leased.filter((id) => !window.holds(id));
    const lost = seen.filter((id) => astray.has(id));
    await giveBackDeliveries(pool, owner, lost);
    astray = new Set(seen);
    if (lost.length > 0) log.warn({ event: 'deliveries.found_astray', deliveries: lost.length });
  };
  const renew = async (): Promise<void> => {
    const askedAtMs = now();
    const lease = await renewLease(pool, owner, leaseMs, leaseGoodUntilMs === 0);
    if (!lease.held) {
      log.warn({ event: 'lease.lost', held: window.held() });
      window.forget();
    }
    // What we believe of our own lease ends before what others believe of it.
    leaseGoodUntilMs = askedAtMs + leaseMs * 0.9;
    sharing = lease;
    const freed = await takeOverLeases(pool);
    if (freed > 0) log.warn({ event: 'lease.taken_over', deliveries: freed });
  };
  const followControls = async (): Promise<void> => {
    const paused = await pausedDestinations(pool);
    for (const key of paused) window.lane(key).paused = true;
    for (const lane of window.lanes()) if (lane.paused && !paused.has(lane.key)) lane.paused = false;
  };
  const report = async (): Promise<void> => {
    numbers.window(window.held(), window.inFlight(), sender.openPools());
    const atMs = now();
    const reports = window.lanes().map((lane) => reportOf(lane, atMs));
    numbers.failingShares(reports);
    await reportDestinations(pool, owner, reports);
  };
  const readRates = async (): Promise<void> => {
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    rates.replace(
      await listRates(pool, { from: day(now() - rateBookDays * dayMs), to: day(now() + dayMs), limit: 100_000 }),
    );
  };
  const maintain = async (): Promise<void> => {
    await ensureAttemptDays(pool, now());
    await dropAttemptDays(pool, now() - config.DISPATCH_KEEP_ATTEMPTS_DAYS * dayMs);
  };

  await renew();
  await putWitness(pool, owner);
  await quietly('partitions', maintain);
  await followControls();
  await readRates();
  const claims = startClaiming({
    window,
    now,
    log,
    waiting: () => destinationsWaiting(pool),
    claim: (rooms) => claimDue(pool, owner, rooms),
    mayClaim: () => !stopping && !recorder.behind() && now() < leaseGoodUntilMs,
  });
  const clocks = [
    every(leaseMs / 5, () => quietly('renew', renew)),
    every(leaseMs / 4, () => quietly('find astray', findAstray)),
    every(controlsEveryMs, () => quietly('controls', followControls)),
    every(reportEveryMs, () => quietly('report', report)),
    every(backlogEveryMs, () => quietly('backlog', async () => numbers.backlog(await deliveryBacklog(pool), now()))),
    every(ratesEveryMs, () => quietly('rates', readRates)),
    every(maintainEveryMs, () => quietly('partitions', maintain)),
  ];

  /** Whether the deliveries that were made are there to stay. Those that a crash of Postgres took come again from the topic, also those
   *  that were sent already. */
  const durable = async (): Promise<boolean> => {
    if (await flushed(pool, owner)) return true;
    await putWitness(pool, owner);
    return false;
  };
  const learn = async (wanted: readonly CatalogKey[]): Promise<void> => {
    for (const entry of await readCatalogEntries(pool, wanted)) destinations.apply(openCatalogEntry(entry, open));
    log.info({ event: 'catalog.looked_up', wanted: wanted.map(({ kind, key }) => `${kind}:${key}`) });
  };
  const dispatch = dispatchConversions({
    destinations,
    learn,
    window,
    owner,
    now,
    numbers,
    rates: rates.lookup,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    insert: (later, arrange) =>
      insert(pool, owner, later, arrange, (batchMadeAtMs = Math.max(batchMadeAtMs + 1, now()))),
  });

  return {
    dispatch,
    durable,
    leaseHeld: (): boolean => now() < leaseGoodUntilMs,
    held: window.held,
    /** After the consumer has stopped: nothing new starts, what is in flight ends or is given back, everything is written down. */
    async stop(): Promise<void> {
      stopping = true;
      await claims.stop();
      await window.stop(5_500);
      await recorder.flush();
      for (const clock of clocks) clock.stop();
      await sender.close();
      await endLease(pool, owner);
    },
  };
};

/** Among a batch are deliveries of many, who must not wait for the rows of one: a take-over or a slow commit may hold them (P7). */
const lockWaitMs = 40;

/** One transaction if earlier deliveries may be concerned, one statement if none can be. */
const insert = async (
  pool: Database['pool'],
  owner: string,
  later: Later,
  arrange: (before: Before) => Arranged,
  nowMs: number,
): Promise<Map<string, NewDelivery['state']>> => {
  if (later.behind.length === 0)
    return insertDeliveries(pool, owner, arrange({ earlier: [], lastReceived: new Map() }).rows, nowMs);
  const after = (lockEarlier: typeof lockOpenEarlier) => async (client: Queryable) => {
    const [earlier, lastReceived] = await Promise.all([
      lockEarlier(client, later.behind),
      lastReceivedStates(client, later.asking),
    ]);
    const { superseded, rows } = arrange({ earlier, lastReceived });
    // Asked at once and done in this order: among them are deliveries of others, who need not wait for what takes whose place.
    const [, inserted] = await Promise.all([
      supersedeDeliveries(client, superseded),
      insertDeliveries(client, owner, rows, nowMs),
    ]);
    return inserted;
  };
  return inTransaction(pool, after(lockOpenEarlier), { lockWaitMs }).catch((thrown: unknown) => {
    if (!isLockedByAnother(thrown)) throw thrown;
    return inTransaction(pool, after(lockOpenEarlierOrSee), { lockWaitMs });
  });
};

const reportOf = (lane: Lane, nowMs: number): DestinationReport => ({
  destinationKey: lane.key,
  breaker: lane.breaker.kind,
  breakerSinceMs: lane.breaker.kind === 'closed' ? null : lane.breaker.sinceMs,
  probeAtMs: lane.nextCallAtMs(nowMs),
  failingShare: failingShareOf(lane.breaker),
  inFlight: lane.inFlight,
});

/** Runs again so long after the last run has ended, so that a slow database is not asked twice at once. */
const every = (ms: number, run: () => Promise<void>): { stop: () => void } => {
  let timer = setTimeout(async function again() {
    await run();
    if (!stopped) timer = setTimeout(again, ms);
  }, ms);
  let stopped = false;
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
