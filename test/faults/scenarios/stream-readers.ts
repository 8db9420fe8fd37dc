import { setTimeout as wait } from 'node:timers/promises';
import type { PostbackReceivedV1, PostbackRecord } from '#contracts';
import { insertPostbacks } from '#postgres';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { openTestGround } from '../../support/ground.js';
import { startService, testSecrets } from '../../support/service.js';
import { makeTopics } from '../../support/system.js';
import { waitFor } from '../../support/wait-for.js';
import { startReaders } from '../readers.js';
import type { ReaderAccount } from '../readers-child.js';
import { closingAfter, held, round, type Result, type Scenario } from '../scenario.js';
import { paced } from '../senders.js';

const perSecond = 1_000;
const perBatch = 50;
const readers = 50;
/** The reader that leaves and returns. */
const away = 0;
const stalledMs = 13_000;
/** The feed looks twice a second, so half a second is the least that can be asked. */
const maxLateMs = 1_000;

/** A call as attribution logs it; its decision is what a stream follows. */
const recordOf = (index: number): PostbackRecord => {
  const receivedAtMs = Date.now();
  const field = (value: string, param: string) => ({ value, param, raw: value });
  const transactionId = `S-${index}`;
  const none = { currency: null, event: null, occurredAt: null, reversalOf: null, saleAmount: null, lineId: null };
  const message: PostbackReceivedV1 = {
    id: uuidV7({ msecs: receivedAtMs }),
    receivedAtMs,
    channel: 'postback',
    networkKey: 'acme',
    authenticatedBy: 'token',
    proof: 'token',
    raw: {
      method: 'GET',
      target: `/postback/token?clickid=w1&transaction_id=${transactionId}&amount=12.50&status=approved`,
      headers: { 'user-agent': 'network/1.0' },
      body: null,
      bodyEncoding: 'utf8',
      remoteAddress: '198.51.100.7',
    },
    read: {
      ...none,
      clickId: field('w1', 'clickid'),
      transactionId: field(transactionId, 'transaction_id'),
      amount: field('12.50', 'amount'),
      status: field('approved', 'status'),
    },
    problems: [],
    refusal: null,
    suppressDelivery: false,
    test: false,
  };
  const of = { clickId: 'w1', transactionId, event: null, baseId: null, conversionId: null };
  return {
    message,
    networkKey: 'acme',
    state: 'refused',
    refusal: 'click_unknown',
    ...of,
    outcome: [],
  } as PostbackRecord;
};

const openStage = async () => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const console = await startService('console', ground.env);
  const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 4 });
  const stream = startReaders();
  return {
    console,
    pool,
    stream,
    close: async () => {
      await stream.close();
      await console.stop();
      await pool.end();
      await ground.close();
    },
  };
};
type Stage = Awaited<ReturnType<typeof openStage>>;

const memoryOf = async ({ console }: Stage): Promise<number> => {
  const text = await (await fetch(`${console.healthUrl}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\{[^}]*\} (\S+)$/m.exec(text)?.[1] ?? Number.NaN) / 1e6;
};

/** Writes at the pace of the scenario, and answers the ids in their order. */
const writeFor = async ({ pool }: Stage, seconds: number): Promise<string[]> => {
  const ids: string[] = [];
  await paced(perSecond / perBatch, seconds, async (batch) => {
    const records = Array.from({ length: perBatch }, (_, index) => recordOf(batch * perBatch + index));
    ids.push(...records.map(({ message }) => message.id));
    await insertPostbacks(pool, records);
  });
  return ids;
};

const sum = (accounts: readonly ReaderAccount[], read: (account: ReaderAccount) => number): number =>
  accounts.reduce((all, account) => all + read(account), 0);

/** Until every reader that reads has all of them, or half a minute is over. */
const settled = async ({ stream }: Stage, ids: readonly string[]): Promise<ReaderAccount[]> => {
  const accounts = () => stream.accounts(ids);
  const isComplete = async () => (await accounts()).every(({ isStalled, missed }) => isStalled || missed === 0);
  await waitFor(isComplete, 30_000).catch(() => undefined);
  return accounts();
};

const run = async (stage: Stage, seconds: number, say: (line: string) => void): Promise<Result> => {
  const { stream, console } = stage;
  const reading = { url: console.url, token: testSecrets.CAROM_ADMIN_TOKEN };
  await stream.open({ ...reading, readers, stalled: 0 });
  await writeFor(stage, 3);
  await stream.forgetTimes();
  const calmIds = await writeFor(stage, seconds);
  const calm = await settled(stage, calmIds);
  const { p99Ms: calmMs } = await stream.late(-1);
  const memoryBefore = await memoryOf(stage);
  say(`p99 of ${readers} readers ${calmMs} ms; now one stalls and one reconnects`);
  await stream.open({ ...reading, readers: 0, stalled: 1 });
  await stream.forgetTimes();
  const [ids] = await Promise.all([
    writeFor(stage, seconds),
    wait(3_000).then(() => stream.reconnect(away, 2_000)),
    // Before the console gives it up for good, or it would never read the word.
    wait(stalledMs).then(() => stream.resumeStalled()),
  ]);
  const memory = await memoryOf(stage);
  const accounts = await settled(stage, ids);
  const { p99Ms: lateMs, maxMs } = await stream.late(away);
  const stalledEnds = async () => (await stream.accounts([])).flatMap(({ isStalled, ends }) => (isStalled ? ends : []));
  await waitFor(async () => (await stalledEnds()).includes('connection ended'), 30_000).catch(() => undefined);
  const ends = await stalledEnds();
  // The reader that was away gets what it missed late, which is not what is claimed.
  const [returned, ...others] = accounts.filter(({ isStalled }) => !isStalled) as [ReaderAccount, ...ReaderAccount[]];
  const grownMb = round(memory - memoryBefore);
  return {
    numbers: { perSecond, readers, seconds, calmMs, lateMs, maxMs },
    held: [
      held('every reader got every event', sum([...calm, ...others], ({ missed }) => missed) === 0, {
        events: calmIds.length + ids.length,
        missed: sum([...calm, ...others], ({ missed }) => missed),
      }),
      held('none came twice to a reader that stayed', sum(others, ({ repeated }) => repeated) === 0, {
        repeated: sum(others, ({ repeated }) => repeated),
      }),
      held('the one that reconnected missed nothing', returned.missed === 0, {
        got: returned.got,
        missed: returned.missed,
        repeated: returned.repeated,
      }),
      held(
        `p99 of how late an event is, is at most ${maxLateMs} ms beside the stalled one`,
        lateMs <= maxLateMs,
        `${lateMs} ms`,
      ),
      held('and at most 1.3 times that without it', lateMs <= 1.3 * calmMs, `${lateMs} ms against ${calmMs} ms`),
      held('the stalled one was dropped with a word', ends[0]?.startsWith('dropped') === true, ends),
      held(
        'no other was dropped',
        others.every((each) => each.ends.length === 0),
        others.flatMap((each) => each.ends),
      ),
      held('the memory of console grows by at most 100 MB', grownMb <= 100, `${grownMb} MB, now ${round(memory)} MB`),
    ],
  };
};

export const streamReaders: Scenario = {
  name: 'stream-readers',
  breaksServers: false,
  what: '1,000 events a second to 50 readers of a stream; one more stalls, one reconnects',
  maxSeconds: { short: 180, long: 400 },
  run: async (_servers, { long, say }) => closingAfter(await openStage(), (stage) => run(stage, long ? 60 : 10, say)),
};
