import { waitFor } from '../../support/wait-for.js';
import { accountLog, count, ledgerDifferences } from '../accounts.js';
import { startCallers, type Callers } from '../flood.js';
import type { FloodAnswer } from '../flood-child.js';
import { closingAfter, held, round, type Held, type Result, type Scenario } from '../scenario.js';
import { openWorld, type World } from '../world.js';

/** Tens of thousands of large calls for one order number, and of calls for clicks that never were:
 *  by strangers, and by a network that proves itself. Attribution has little memory here. */

type Counts = { bomb: number; madeUp: number; amounts: number };
const bodyBytes = 30_000;
const perSecond = 1_000;
const heapMb = 512;
/** docs/LIMITS.md. */
const limits = { perId: 100, perAddress: 1_000, reports: 1_000, keptBurst: 300, keptPerSecond: 10 };

const secondsFor = (calls: number): number => calls / perSecond;

type Thrown = { strangers: FloodAnswer[]; bomb: FloodAnswer; amounts: FloodAnswer; seconds: number };

/** All that is thrown at the system, one after the other. */
const throwAll = async (world: World, callers: Callers, { bomb, madeUp, amounts }: Counts): Promise<Thrown> => {
  const startedAt = performance.now();
  const one = { perSecond, persists: false };
  const play = (phase: string, calls: number, stream: Partial<typeof one> & { paths: string[]; bodyBytes?: number }) =>
    callers.play({ phase, seconds: secondsFor(calls), streams: [{ ...one, ...stream }] });
  const clickId = await world.click(world.sender(1), 'of-the-amounts');
  const proven = { persists: true };
  return {
    strangers: [
      await play('bomb', bomb, { paths: ['/postback?transaction_id=BOMB'], bodyBytes }),
      await play('made-up', madeUp, { paths: ['/postback?click_id=made-up-[<n>]&amount=1'] }),
    ],
    bomb: await play('own', bomb, { ...proven, paths: [`${world.postbackPath}?transaction_id=BOMB`], bodyBytes }),
    amounts: await play('amounts', amounts, {
      ...proven,
      paths: Array.from(
        { length: amounts },
        (_, index) => `${world.postbackPath}?clickid=${clickId}&transaction_id=AMOUNTS&amount=${index + 1}`,
      ),
    }),
    seconds: (performance.now() - startedAt) / 1_000,
  };
};

const sumOf = (answers: readonly FloodAnswer[], status: number): number =>
  answers.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0);

/** One real sale of the order number; how long it takes until it is booked. */
const bookSale = async (world: World): Promise<{ ms: number; id: string }> => {
  const sender = world.sender(1);
  const clickId = await world.click(sender, 'of-the-sale');
  const startedAt = performance.now();
  const path = `${world.postbackPath}?clickid=${clickId}&transaction_id=BOMB&amount=7&status=approved`;
  const { id } = await sender.persist('sale', path);
  const isBooked = () => count(world.pool, 'select count(*) as n from ledger_entries where postback_id = $1', [id]);
  await waitFor(async () => (await isBooked()) > 0, 60_000, 'the sale to be booked');
  return { ms: round(performance.now() - startedAt), id: id ?? '' };
};

const judge = async (world: World, counts: Counts, thrown: Thrown): Promise<Result> => {
  const accepted = [...thrown.bomb.accepted, ...thrown.amounts.accepted];
  await waitFor(async () => (await accountLog(world.pool, accepted)).missing === 0, 300_000, 'all to be decided');
  const waitingOf = (where: string) => count(world.pool, `select count(*) as n from orphans where ${where}`);
  const bombs = await waitingOf("transaction_id = 'BOMB'");
  const ofAddress = await waitingOf('address is not null');
  const sale = await bookSale(world);
  await waitFor(async () => (await waitingOf("transaction_id = 'BOMB'")) === 0, 60_000, 'what waited to be released');
  const log = await accountLog(world.pool, [...accepted, sale.id]);
  const reports = await count(
    world.pool,
    "select count(*) as n from postbacks where transaction_id = 'AMOUNTS' and state = 'applied'",
  );
  const kept = sumOf(thrown.strangers, 200) + sumOf(thrown.strangers, 400);
  const maxKept = limits.keptBurst + limits.keptPerSecond * thrown.seconds;
  const claims: Held[] = [
    held('every call of the network is in the log once', log.missing + log.twice === 0, log),
    held(
      `of ${counts.bomb + counts.madeUp} calls of strangers at most ${Math.ceil(maxKept)} are kept`,
      kept <= maxKept,
      `${kept}`,
    ),
    held(`at most ${limits.perId} wait for one order number`, bombs <= limits.perId, `${bombs}`),
    held(
      `at most ${limits.perAddress} of strangers wait of one address`,
      ofAddress <= limits.perAddress,
      `${ofAddress}`,
    ),
    held(
      `of ${counts.amounts} amounts of one sale at most ${limits.reports} are reports`,
      reports <= limits.reports,
      `${reports}`,
    ),
    held('the real sale is booked within 10 s, and releases what waits for it', sale.ms < 10_000, `${sale.ms} ms`),
    held(`attribution goes on with ${heapMb} MB of heap`, Object.keys(world.restarts()).length === 0, world.restarts()),
    held('the ledger adds up', (await ledgerDifferences(world.pool)) === 0, 'folded again'),
  ];
  return { numbers: { ...counts, seconds: round(thrown.seconds) }, held: claims };
};

export const orphanBomb: Scenario = {
  name: 'orphan-bomb',
  what: 'large calls for one order number, for clicks that never were, and very many amounts of one sale',
  breaksServers: false,
  maxSeconds: { short: 300, long: 3_600 },
  run: async (_servers, { long }) => {
    const counts = long
      ? { bomb: 20_000, madeUp: 1_000_000, amounts: 20_000 }
      : { bomb: 2_000, madeUp: 5_000, amounts: 2_000 };
    const opened = await openWorld({ NODE_OPTIONS: `--max-old-space-size=${heapMb}` });
    return closingAfter(opened, async (world) => {
      const callers = startCallers(world.system.ingest.url, 64);
      try {
        return await judge(world, counts, await throwAll(world, callers, counts));
      } finally {
        await callers.close();
      }
    });
  },
};
