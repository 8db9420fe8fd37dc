import { ensureTopics } from '#kafka';
import { migrate, openDatabase } from '#postgres';
import { createLog, messageOf } from '#runtime';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { readingOptions } from '../../apps/console/connections.js';
import { AuditController } from '../../apps/console/access/audit.controller.js';
import { SessionController } from '../../apps/console/access/session.controller.js';
import { ClicksController } from '../../apps/console/clicks/clicks.controller.js';
import { ConversionsController } from '../../apps/console/conversions/conversions.controller.js';
import { DeliveriesController } from '../../apps/console/deliveries/deliveries.controller.js';
import type { Actor } from '../../apps/console/http/operation.js';
import { JobsController } from '../../apps/console/jobs/jobs.controller.js';
import { LogController } from '../../apps/console/log/log.controller.js';
import { ParkedController } from '../../apps/console/log/parked.controller.js';
import { OverviewController } from '../../apps/console/overview/overview.controller.js';
import type { ConsolePorts } from '../../apps/console/ports.js';
import { RatesController } from '../../apps/console/reports/rates.controller.js';
import { ReportsController } from '../../apps/console/reports/reports.controller.js';
import { startPostgres } from '../../stack/servers/postgres.js';
import { askController } from '../../test/support/ask-controller.js';
import { withClient } from '../../test/support/template.js';
import type { BenchContext, BenchRow, Measured } from '../row.js';
import { cpuMsOf } from './cpu.js';
import { consoleUser } from './console-data.js';
import { fillReports, type DataRange, type DataSize } from './data.js';
import { measurePaint } from './paint.js';
import { explain, isPlan, noting, pagesRead, planLines, rowsRead, type Statement } from './plans.js';
import { questionsOf, type Question, type Route } from './questions.js';

/** How fast the console reads: each kind of report and each filter of a list over a month of a busy
 * tracker, asked of the controllers with the texts of a URL, with the plan of each statement beside
 * its figure. A list that looks at more rows than its bound fails the run, whatever it took. */

const sizes: Record<'short' | 'long', DataSize> = {
  short: { clicks: 1_000_000, conversions: 20_000, days: 30 },
  long: { clicks: 50_000_000, conversions: 1_000_000, days: 30 },
};
/** Per million clicks, roll-ups and indexes included. */
const bytesPerMillion = 1_100_000_000;

/** `CAROM_BENCH_REPORTS_DIR` names a folder that keeps the data for the next run of the same
 * form. */
const folderOf = (): { dataDir: string; isKept: boolean } => {
  const kept = process.env.CAROM_BENCH_REPORTS_DIR;
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'carom-bench-reports-'));
  // Postgres runs as another user when we are root, and has to reach its folder inside this one.
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  return { dataDir, isKept: kept !== undefined };
};

/** Only reads are measured, so the data are made without waiting for the disk, and what is put into
 * a table made in the same transaction is not logged. */
const settings = ['wal_level = minimal', 'max_wal_senders = 0', 'autovacuum = off'];

const open = async (size: DataSize, say: BenchContext['say']) => {
  const { dataDir, isKept } = folderOf();
  const rangeFile = join(dataDir, `${size.clicks}.json`);
  const { bavail, bsize } = statfsSync(dataDir);
  const needed = (size.clicks / 1_000_000) * bytesPerMillion + 4_000_000_000;
  if (!existsSync(rangeFile) && bavail * bsize < needed)
    throw new Error(
      `needs ${Math.round(needed / 1e9)} GB in ${dataDir}: ${Math.round((bavail * bsize) / 1e9)} are free`,
    );
  const server = { dataDir: join(dataDir, `postgres-${size.clicks}`), durable: false };
  const first = await startPostgres(server);
  await withClient(first.url, async (client) => {
    for (const setting of settings) await client.query(`alter system set ${setting}`);
  });
  await first.stop(20_000);
  const postgres = await startPostgres(server);
  const fill = async (): Promise<DataRange> => {
    if (existsSync(rangeFile)) {
      const { from, to } = JSON.parse(readFileSync(rangeFile, 'utf8')) as Record<keyof DataRange, string>;
      return { from: new Date(from), to: new Date(to) };
    }
    await migrate(postgres.url);
    const range = await fillReports(postgres.url, size, Date.now(), say);
    if (isKept) writeFileSync(rangeFile, JSON.stringify(range));
    return range;
  };
  return {
    url: postgres.url,
    pid: postgres.pid,
    fill,
    close: async () => {
      await postgres.stop(60_000);
      if (!isKept) rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

type Ask = (query: string) => Promise<unknown>;

const admin: Actor = {
  ...{ tokenId: null, sessionId: null, userId: consoleUser, name: 'name-1', role: 'admin', seesVisitors: true },
};

/** The handlers of the routes, which read the texts of a query by their own schema. */
const routesOf = (ports: ConsolePorts): Record<Route, Ask> => {
  return {
    reports: askController(new ReportsController(ports), 'readReport'),
    overview: askController(new OverviewController(ports), 'readOverview'),
    postbacks: askController(new LogController(ports), 'list'),
    'postbacks/summary': askController(new LogController(ports), 'summarisePostbacks'),
    conversions: askController(new ConversionsController(ports), 'list'),
    deliveries: askController(new DeliveriesController(ports), 'list'),
    clicks: askController(new ClicksController(ports), 'list'),
    audit: askController(new AuditController(ports), 'list', admin),
    parked: askController(new ParkedController(ports), 'list'),
    jobs: askController(new JobsController(ports), 'list'),
    rates: askController(new RatesController(ports), 'list'),
    sessions: askController(new SessionController(ports), 'list', admin),
  };
};

const portsOf = async (pool: pg.Pool): Promise<ConsolePorts> => {
  const log = createLog('bench', 'silent');
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',');
  const kafka = { brokers, clientId: 'bench', topicPrefix: 'bench-reports.', log };
  await ensureTopics(kafka);
  return { pool, kafka, log, now: () => new Date(), secrets: ['no click id of the data has a MAC'] } as never;
};

type Timed = {
  name: string;
  /** The fastest of a few rounds. */
  elapsedMs: number;
  /** Of Postgres and of this process, on average. Null: not known. */
  cpuMs: number | null;
  limitMs: number;
  faults: string[];
};
type Figure = Timed & { rows: number; pages: number; plans: string[] };
type Bench = { pool: pg.Pool; statements: Statement[]; routes: Record<Route, Ask>; postgresPid: number };

const rounds = 4;
const cpuMs = (postgresPid: number): number | null => {
  const postgres = cpuMsOf(postgresPid);
  const { user, system } = process.cpuUsage();
  return postgres && postgres + (user + system) / 1000;
};

/** What is held against the limit: on a machine that does other work, elapsed time says how busy it
 * is, and CPU is what an idle core would take at the longest. */
const judgedMs = ({ elapsedMs, cpuMs: used }: Pick<Figure, 'elapsedMs' | 'cpuMs'>): number =>
  Math.min(elapsedMs, used ?? Infinity);

const measureOne = async (
  { pool, statements, routes, postgresPid }: Bench,
  { route, query, limitMs, maxRows, maxPages }: Question,
): Promise<Figure> => {
  let elapsedMs = Infinity;
  // The first round fills caches and plans.
  await routes[route](query);
  const before = cpuMs(postgresPid);
  for (let round = 0; round < rounds; round += 1) {
    statements.length = 0;
    const begin = performance.now();
    await routes[route](query);
    elapsedMs = Math.min(elapsedMs, performance.now() - begin);
  }
  const after = cpuMs(postgresPid);
  const used = before === null || after === null ? null : (after - before) / rounds;
  const plans = [];
  // An estimate is a plan already, and reads no row.
  for (const statement of [...statements]) if (!isPlan(statement)) plans.push(await explain(pool, statement));
  const rows = plans.reduce((sum, plan) => sum + rowsRead(plan), 0);
  const pages = plans.reduce((sum, plan) => sum + pagesRead(plan), 0);
  const ms = judgedMs({ elapsedMs, cpuMs: used });
  const faults = [
    ...(ms > limitMs ? [`${Math.round(ms)} ms, ${limitMs} allowed`] : []),
    ...(maxRows !== null && rows > maxRows ? [`looked at ${rows} rows, ${maxRows} allowed`] : []),
    ...(maxPages !== null && pages > maxPages ? [`read ${pages} pages, ${maxPages} allowed`] : []),
  ];
  return {
    name: `/${route}?${query}`,
    elapsedMs,
    cpuMs: used,
    limitMs,
    rows,
    pages,
    faults,
    plans: plans.flatMap(planLines),
  };
};

const failedFigure = ({ route, query, limitMs }: Question, fault: string): Figure => {
  const nothing = { elapsedMs: Infinity, cpuMs: null, rows: 0, pages: 0, plans: [] };
  return { name: `/${route}?${query}`, limitMs, ...nothing, faults: [fault] };
};

const rangesOf = ({ from, to }: DataRange) => {
  const back = (days: number) => new Date(Math.max(from.getTime(), to.getTime() - days * 86_400_000)).toISOString();
  const range = (days: number) => `from=${back(days)}&to=${to.toISOString()}`;
  return { month: range(30), week: range(7), day: range(1) };
};

/** All days, as the address of the page names them. */
const daysOf = ({ from, to }: DataRange): string => {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return `from=${day(from.getTime())}&to=${day(to.getTime() - 1)}&zone=UTC`;
};

/** What the page takes, in words, beside what the API takes. */
const paints = async (url: string, range: DataRange, say: BenchContext['say']): Promise<Timed[]> => {
  const times = await measurePaint(url, daysOf(range));
  return times.map(({ name, elapsedMs, limitMs }) => {
    const faults = elapsedMs > limitMs ? [`${Math.round(elapsedMs)} ms, ${limitMs} allowed`] : [];
    say(`${faults.length === 0 ? '✓' : '✗'} ${elapsedMs.toFixed(0)} ms, of ${limitMs}: ${name}`);
    return { name, elapsedMs, cpuMs: null, limitMs, faults };
  });
};

const print = (
  { name, elapsedMs, cpuMs: used, limitMs, rows, pages, faults, plans }: Figure,
  say: BenchContext['say'],
): void => {
  const mark = faults.length === 0 ? '✓' : '✗';
  say(
    `${mark} ${elapsedMs.toFixed(1)} ms, CPU ${used?.toFixed(1) ?? '–'}, of ${limitMs}, ${rows} rows, ${pages} pages: ${name}${faults.map((each) => `; ${each}`).join('')}`,
  );
  for (const line of plans) say(`      ${line}`);
};

const measure = async ({ long, say }: BenchContext): Promise<Measured> => {
  const size = sizes[long ? 'long' : 'short'];
  const server = await open(size, say);
  try {
    const range = await server.fill();
    const options = { databaseUrl: server.url, poolSize: 4, applicationName: 'bench' };
    const { pool, close } = await openDatabase({
      ...options,
      ...readingOptions,
    });
    const statements: Statement[] = [];
    const figures: Figure[] = [];
    try {
      const routes = routesOf(await portsOf(noting(pool, statements)));
      for (const question of questionsOf(rangesOf(range), size.conversions)) {
        const figure = await measureOne({ pool, statements, routes, postgresPid: server.pid }, question).catch(
          (thrown: unknown) => failedFigure(question, messageOf(thrown)),
        );
        figures.push(figure);
        print(figure, say);
      }
    } finally {
      await close();
    }
    const timed = [...figures, ...(await paints(server.url, range, say))];
    const faults = timed.flatMap(({ name, faults: own }) => own.map((fault) => `${name}: ${fault}`));
    if (faults.length > 0)
      throw new Error(`${faults.length} of ${timed.length} are over a limit:\n${faults.join('\n')}`);
    const ours = Math.max(...timed.map((each) => judgedMs(each) / each.limitMs));
    return { ours, details: { size, figures: timed } };
  } finally {
    await server.close();
  }
};

export const reportSpeed: BenchRow = {
  name: 'reports',
  what: 'reports and lists over a month of clicks, the slowest as a share of its limit',
  unit: 'of its limit',
  limitIs: null,
  atLeast: 1,
  aim: 0.33,
  better: 'lower',
  longOnly: true,
  measure,
};
