import { chmodSync, createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openReportFile } from '../apps/console/uploads/report-file.js';
import { environmentOf, startServers } from '../stack/servers/servers.js';
import { openTestGround } from '../test/support/ground.js';
import { startService, testSecrets, type Service } from '../test/support/service.js';
import { callApi, makeTopics } from '../test/support/system.js';

/** `npm run bench:files [-- --rows 1000000] [--ledger]`: memory (the largest resident set) and time
 * of a report file.
 *
 * - The reader alone, in a process of its own.
 * - A job of a real console, with Kafka and Postgres (fsync on) beside it.
 * - With `--ledger`: until attribution has made a conversion of every row. */

const options = {
  rows: { type: 'string', default: '1000000' },
  ledger: { type: 'boolean', default: false },
  read: { type: 'string' },
} as const;
const { values } = parseArgs({ options });
const rows = Number(values.rows);
const clickIds = 5_000;
const network = { params: {}, amountFormat: 'auto', timeZone: 'UTC' } as const;

const peakMib = (pid: number): number =>
  Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024);

const readAlone = async (path: string): Promise<void> => {
  const startedAt = performance.now();
  const { analysis, batches } = await openReportFile(createReadStream(path), {
    contentType: 'text/csv',
    mapping: {},
    network,
    nowMs: Date.now(),
  });
  if (!analysis.plan) throw new Error(analysis.problems.map(({ message }) => message).join(' '));
  let read = 0;
  for await (const batch of batches(analysis.plan, 500)) read += batch.length;
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`reader alone: ${read} rows in ${seconds.toFixed(1)} s, peak ${peakMib(process.pid)} MiB`);
};

/** Rows as a network writes them, of about 120 bytes. */
function* lines(): Generator<string> {
  yield 'Transaction ID,Click Ref,Order Date,Status,Sale Amount,Commission,Currency,Product\n';
  for (let row = 0; row < rows; row += 1) {
    const day = String(1 + (row % 28)).padStart(2, '0');
    yield `TX-${String(row).padStart(12, '0')},aff-${row % clickIds},2026-10-${day} 12:0${row % 6}:00,approved,${row % 900}.50,${row % 90}.25,USD,"A product, number ${row % 1000}"\n`;
  }
}

type Job = { id: string; state: string; done: number; result: { counts: Record<string, number> } | null };

const runJob = async (console_: Service, path: string): Promise<Job> => {
  const authorization = `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`;
  const answer = await fetch(`${console_.url}/api/v1/conversions/upload?networkKey=acme&dispatch=false`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv', prefer: 'respond-async' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const { job } = (await answer.json()) as { job: Job };
  if (answer.status !== 202) throw new Error(`the upload answered ${answer.status}: ${JSON.stringify(job)}`);
  const api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  for (;;) {
    await wait(1_000);
    const { body } = await api<Job>('GET', `/jobs/${job.id}`);
    if (body.state === 'done') return body;
    if (body.state === 'failed' || body.state === 'cancelled') throw new Error(`the job ${body.state}`);
  }
};

/** The clicks that the rows name, so that each row is a conversion. */
const importClicks = async (console_: Service): Promise<void> => {
  const api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  await api('POST', '/sources', { key: 'ads', name: 'Ads' });
  const url = 'https://shop.example/?sub={click_id}';
  await api('POST', '/offers', { key: 'shoes', networkKey: 'acme', url, windowDays: 365 });
  await api('POST', '/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] });
  const rows = Array.from({ length: clickIds }, (_, at) => `aff-${at},2026-09-30T00:00:00Z,spring`);
  const answer = await fetch(`${console_.url}/api/v1/clicks/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
    body: ['click_id,clicked_at,campaign', ...rows, ''].join('\n'),
  });
  const { counts } = (await answer.json()) as { counts?: { accepted: number } };
  if (counts?.accepted !== clickIds) throw new Error(`the clicks were answered ${answer.status}`);
  const last = `/clicks?clickId=aff-${clickIds - 1}`;
  while ((await api<{ items: unknown[] }>('GET', last)).body.items.length === 0) await wait(500);
};

/** By the service's own account, which costs nothing beside the work. */
const untilDecided = async ({ healthUrl }: Service): Promise<void> => {
  for (;;) {
    const text = await (await fetch(`${healthUrl}/metrics`)).text();
    const counted = [...text.matchAll(/^carom_attribution_postbacks_total\{(.*)\} (\d+)/gm)];
    if (counted.reduce((sum, [, , count]) => sum + Number(count), 0) < rows) {
      await wait(1_000);
      continue;
    }
    const other = counted.filter(([, labels = '', count]) => !labels.includes('state="applied"') && count !== '0');
    if (other.length > 0) console.log(`not all were applied: ${other.map(([line]) => line).join(' ')}`);
    return;
  }
};

const measure = async (path: string): Promise<void> => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const console_ = await startService('console', ground.env);
  const attribution = values.ledger ? await startService('attribution', ground.env) : null;
  const api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  await api('POST', '/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD', identity: 'transaction' });
  if (attribution) await importClicks(console_);
  const idle = peakMib(console_.server.pid);
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
  const { result } = await runJob(console_, path);
  console.log(
    `as a job, with Postgres and Kafka: ${JSON.stringify(result?.counts)} in ${seconds()} s, ` +
      `peak of console ${peakMib(console_.server.pid)} MiB (idle ${idle} MiB)`,
  );
  if (result?.counts['accepted'] !== rows) throw new Error('the accounts do not add up');
  if (attribution) {
    await untilDecided(attribution);
    console.log(`decided by attribution: ${seconds()} s, its peak ${peakMib(attribution.server.pid)} MiB`);
  }
  await Promise.all([console_.stop(), attribution?.stop()]);
  await ground.close();
};

if (values.read !== undefined) await readAlone(values.read);
else {
  const dataDir = mkdtempSync(join(tmpdir(), 'carom-bench-'));
  // Postgres runs as another user when we are root, and has to reach its folder inside this one.
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  const path = join(dataDir, 'report.csv');
  await pipeline(Readable.from(lines()), createWriteStream(path));
  console.log(`a file of ${rows} rows, ${Math.round(statSync(path).size / 1024 / 1024)} MiB`);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--read', path], { stdio: 'inherit' });
  await once(child, 'exit');
  const servers = await startServers({ dataDir, env: {}, durable: true });
  Object.assign(process.env, environmentOf(servers));
  try {
    await measure(path);
  } finally {
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
