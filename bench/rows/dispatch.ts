import { Pool } from 'undici';
import { conversionChange, openDispatchGround, type DispatchGround } from '../../test/support/dispatch-ground.js';
import { waitFor } from '../../test/support/wait-for.js';
import { wallMs } from '../../test/support/wall-clock.js';
import { paced, percentile } from '../pace.js';
import { expectIds, latencies, startReceivers } from './receivers.js';
import { fromRounds, type BenchContext, type BenchRow, type Measured, type Opened } from '../row.js';

/** Rows of dispatch by itself: deliveries as fast as they go, and nine destinations beside one that
 * hangs. */

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

const inFlight = 128;

/** The same number of calls as fast as a bare pool makes them: no signature, no record, nothing
 * kept. */
const barePool = async (url: string, calls: number): Promise<number> => {
  const pool = new Pool(url, { connections: inFlight, pipelining: 1 });
  const begin = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      const { body } = await pool.request({ path: `/c?click_id=ext-${next}&v=12.5`, method: 'GET' });
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const perSecond = (calls / (performance.now() - begin)) * 1000;
  await pool.close();
  return perSecond;
};

const publishMany = async (ground: DispatchGround, count: number): Promise<void> => {
  for (let from = 0; from < count; from += 1_000) {
    const size = Math.min(1_000, count - from);
    await ground.publish(Array.from({ length: size }, (_, index) => conversionChange(`c${from + index}`)));
  }
};

/** The first so many of a process just started are not counted: the bare pool's process is warm. */
const warmUpDeliveries = 15_000;
const slices = 3;

/** Recorded per second in each slice after the warm-up. The receiver says when to look: a count of
 * the table, again and again, took a third of the two cores from what it counted. */
const recordedPerSecond = async (
  ground: DispatchGround,
  arrived: () => Promise<number>,
  count: number,
): Promise<{ rates: number[]; throughQueue: number }> => {
  await waitFor(async () => (await arrived()) >= count, 180_000, `${count} arrived`);
  await waitFor(async () => ((await ground.states()).delivered ?? 0) >= count, 60_000, `${count} delivered`);
  const { rows } = await ground.pool.query<{ attempts: bigint; claimed: bigint }>(
    'select sum(attempts) as attempts, count(*) filter (where claimed) as claimed from deliveries',
  );
  if (Number(rows[0]?.attempts) !== count) throw new Error(`${rows[0]?.attempts} attempts for ${count} deliveries`);
  const size = Math.floor((count - warmUpDeliveries) / slices);
  const bounds = Array.from({ length: slices + 1 }, (_, slice) => warmUpDeliveries + slice * size);
  const { rows: times } = await ground.pool.query<{ at: number }>(
    `with ranked as (select finished_at, row_number() over (order by finished_at, id) as n from deliveries)
     select extract(epoch from finished_at)::float8 as at from ranked where n = any($1) order by n`,
    [bounds],
  );
  const rates = bounds.slice(1).map((_, slice) => size / ((times[slice + 1]?.at ?? 0) - (times[slice]?.at ?? 0)));
  return { rates, throughQueue: Number(rows[0]?.claimed) };
};

export const dispatchThroughput: BenchRow = {
  name: 'dispatch',
  what: 'deliveries, signed and recorded',
  unit: '/s',
  limitIs: 'bare undici pool to the same receiver',
  atLeast: 0.35,
  aim: 0.45,
  better: 'higher',
  async measure({ long, say, meter }: BenchContext): Promise<Measured> {
    const count = long ? 150_000 : 45_000;
    const receivers = await startReceivers(1);
    const ground = await openDispatchGround({ CAROM_LOG_LEVEL: 'warn' });
    try {
      const [url = ''] = receivers.urls;
      const signing = { kind: 'standard-webhooks' as const, secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] };
      await ground.setSource('ads', { url: `${url}/c?click_id={click_id}&v={value}`, caps: { inFlight }, signing });
      await publishMany(ground, count);
      await barePool(url, count / 10);
      const before = await barePool(url, count);
      say(`bare pool ${Math.round(before)}/s`);
      await receivers.take();
      const service = await ground.start();
      meter.watch('dispatch', service.server.pid);
      const { result, spent } = await meter.spend(
        () => recordedPerSecond(ground, receivers.arrived, count),
        () => count,
      );
      meter.forget('dispatch');
      const [taken] = await receivers.take();
      const expected = new Set(Array.from({ length: count }, (_, index) => `ext-c${index}`));
      const verified = expectIds(taken?.targets ?? [], expected);
      await service.stop();
      const after = await barePool(url, count);
      const rates = result.rates.map((rate) => Math.round(rate)).join(', ');
      say(`ours ${rates}/s (${result.throughQueue} through the queue), bare pool again ${Math.round(after)}/s`);
      const limit = (before + after) / 2;
      const rounds = result.rates.map((ours) => ({ ours, limit }));
      return {
        ...fromRounds(rounds),
        spent,
        verified,
        details: { count, inFlight, throughQueue: result.throughQueue },
      };
    } finally {
      await ground.close();
      await receivers.close();
    }
  },
};

const destinations = 10;

type Neighbours = { receivers: Awaited<ReturnType<typeof startReceivers>>; ground: DispatchGround; published: number };

/** Calls that warm the process up: V8 gives a function its best code when it has run some ten
 * thousand times, which costs half a second once. */
const warmUp = { calls: 15_000, perSecond: 1_500 };

/** When the calls of the nine arrived, in ms after they were published. */
const runFor = async (stage: Neighbours, perSecond: number, seconds: number): Promise<number[]> => {
  const { receivers, ground } = stage;
  await paced(perSecond, seconds, (_from, count) => {
    const changes = Array.from({ length: count }, () => {
      const number = (stage.published += 1);
      const sourceKey = `ads${number % destinations}`;
      return conversionChange(`n${number}`, { sourceKey, transactionId: wallMs().toFixed(2) });
    });
    return ground.publish(changes);
  });
  const arrived: number[] = [];
  const expected = (perSecond * seconds * (destinations - 1)) / destinations;
  await waitFor(async () => {
    for (const server of (await receivers.take()).slice(1)) arrived.push(...latencies(server));
    return arrived.length >= expected;
  }, 60_000);
  return arrived;
};

const openNeighbours = async (): Promise<Opened<Neighbours>> => {
  const receivers = await startReceivers(destinations);
  const ground = await openDispatchGround({ CAROM_LOG_LEVEL: 'warn' });
  const close = async (): Promise<void> => {
    await ground.close();
    await receivers.close();
  };
  try {
    for (const [index, url] of receivers.urls.entries())
      await ground.setSource(`ads${index}`, { url: `${url}/c?id={click_id}&t={transaction_id}` });
    await ground.start();
    const stage = { receivers, ground, published: 0 };
    await runFor(stage, warmUp.perSecond, warmUp.calls / warmUp.perSecond);
    return { value: stage, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

const healthy = (perSecond: number): BenchRow => ({
  name: `healthy-${perSecond}`,
  what: `p99 of nine destinations while the tenth hangs, at ${perSecond}/s`,
  unit: 'ms',
  limitIs: 'the same while it answers',
  atLeast: 1.1,
  aim: 1.0,
  better: 'lower',
  async measure({ long, say, stage: open }: BenchContext): Promise<Measured> {
    const seconds = long ? 60 : 8;
    const stage = await open(`neighbours-${perSecond}`, openNeighbours);
    const well = await runFor(stage, perSecond, seconds);
    stage.receivers.hang(0);
    const beside = await runFor(stage, perSecond, seconds);
    const [limit, ours] = [well, beside].map((each) => rounded(percentile(each, 0.99))) as [number, number];
    say(`p99 ${limit} ms, beside a destination that hangs ${ours} ms`);
    const verified = `${well.length} and ${beside.length} calls arrived`;
    return { ours, limit, p50Ms: rounded(percentile(beside, 0.5)), p99Ms: ours, verified, details: { seconds } };
  },
});

export const healthyAt300 = healthy(300);
export const healthyAt1000 = healthy(1_000);
