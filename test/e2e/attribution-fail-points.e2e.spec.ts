import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { topics, type CatalogEntryV1, type ConversionChangedV1 } from '#contracts';
import { done } from '#domain';
import { connectProducer, kafkaMetrics, startConsumer, type Consumer, type Producer } from '#kafka';
import { createLog, createMetrics, failPointsOf } from '#runtime';
import { openAttributionGround, type AttributionGround } from '../support/attribution-ground.js';
import { storyOf } from '../support/process-story.js';
import { printTable } from '../support/result-table.js';
import { startService, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

/** Attribution fails at each of its fail points: it dies, freezes for longer than its session and
 * its row locks, or throws. Each time the same records are sent (clicks, a sale and its retry, a
 * sale before its click, a hold that ends, a cap that is raised), and in the end everything counts
 * once (P2, P3). */

const points = failPointsOf('attribution').map((name) => name.replace('attribution.', ''));
type Action = 'die' | 'freeze' | 'throw';
/** A freeze costs a session and a lock time-out each; `CAROM_ALL_FAIL_POINTS=1` runs all of them.
 */
const frozen = process.env.CAROM_ALL_FAIL_POINTS
  ? points
  : ['clicks.before-commit', 'postbacks.before-commit', 'holds.before-commit', 'outbox.claimed'];
const lanes: { action: Action; points: string[] }[] = [
  ...[0, 1, 2].map((lane) => ({ action: 'die' as const, points: points.filter((_, index) => index % 3 === lane) })),
  { action: 'throw', points },
  { action: 'freeze', points: frozen },
];

const dayMs = 86_400_000;
const results = new Map<string, string>();

type Lane = {
  ground: AttributionGround;
  producer: Producer;
  reader: Consumer;
  /** `conversion:revision` of every change on the topic. */
  publishedChanges: Set<string>;
  version: number;
};

const openLane = async (): Promise<Lane> => {
  const ground = await openAttributionGround();
  const log = createLog('spec', 'silent');
  const kafka = { brokers: ground.config.KAFKA_BROKERS, clientId: 'spec', topicPrefix: ground.ground.topicPrefix, log };
  const metrics = kafkaMetrics(createMetrics('spec'));
  const producer = await connectProducer({ ...kafka, metrics, timeoutMs: 20_000 });
  const publishedChanges = new Set<string>();
  const reader = startConsumer({
    ...kafka,
    group: 'spec.reader',
    topic: topics.conversions,
    producer,
    metrics,
    onFatal: () => undefined,
    handle: ({ messages }) => {
      for (const { value } of messages) {
        const { conversionId, revision } = value as ConversionChangedV1;
        publishedChanges.add(`${conversionId}:${revision}`);
      }
      return Promise.resolve(messages.map(() => done));
    },
  });
  const lane = { ground, producer, reader, publishedChanges, version: 1_000 };
  await send(
    lane,
    topics.catalog,
    ground.catalog.entries().map((entry: CatalogEntryV1) => [`${entry.kind}:${entry.key}`, entry]),
  );
  return lane;
};

const send = ({ producer }: Lane, topic: { name: string; type: string }, records: (readonly [string, unknown])[]) =>
  producer.produce(
    records.map(([key, value]) => ({
      topic: topic.name,
      key,
      value: JSON.stringify(value),
      headers: { type: topic.type },
    })),
  );

const putOffer = async (lane: Lane, key: string, given: object): Promise<void> => {
  const shoes = lane.ground.catalog.entries().find((entry) => entry.kind === 'offer' && entry.key === 'shoes');
  const value = { ...(shoes?.value as object), key, ...given };
  lane.version += 1;
  const entry = { kind: 'offer', key, version: lane.version, changedAt: new Date().toISOString(), value };
  await send(lane, topics.catalog, [[`offer:${key}`, entry]]);
};

/** Short times, so that a test waits little for what a silent process still holds. */
const envOf = ({ ground }: Lane): Record<string, string> => ({
  ...ground.ground.env,
  CAROM_SECRET: ground.secret,
  ATTRIBUTION_SWEEP_MS: '200',
  ATTRIBUTION_SESSION_MS: '3000',
  ATTRIBUTION_LOCK_MS: '2000',
});

/** Starts a process that fails at the point, and whatever takes over from it. Answers how to end
 * them all. */
const startFailing = async (lane: Lane, point: string, action: Action) => {
  const env = envOf(lane);
  const failing = await startService('attribution', { ...env, CAROM_FAIL_POINT: `attribution.${point}:${action}` });
  const running: Record<string, Service> = { failing };
  const failed = () => failing.log().includes(`fail point attribution.${point}: ${action}`);
  const takenOver = waitFor(failed, 60_000, `the fail point ${point}`).then(async () => {
    if (action === 'die') await failing.server.exited;
    if (action !== 'throw') running['successor'] = await startService('attribution', env);
  });
  return {
    takenOver,
    thaw: () => (action === 'freeze' ? thaw(failing) : null),
    story: (fromMs: number) => storyOf(running, fromMs),
    end: async () => {
      if (action === 'freeze') failing.server.signal('SIGCONT');
      for (const service of Object.values(running)) await service.stop();
    },
  };
};

/** The frozen process continues where it stopped, and what it does then must change nothing: it
 * goes on, or ends by itself for what it finds, to be started again. Answers why it ended; null
 * if it goes on. */
const thaw = async (frozen: Service): Promise<string | null> => {
  const joinsBefore = joinsOf(frozen);
  frozen.server.signal('SIGCONT');
  const goesOn = settledAgain(frozen, joinsBefore).then(() => null);
  const ended = frozen.server.exited.then(() => {
    const [, reason] = /"event":"process\.failed","error":"([^"]*)"/.exec(frozen.log()) ?? [];
    if (reason === undefined)
      throw new Error(`the thawed process ended without a reason:\n${frozen.log().slice(-4_000)}`);
    return reason;
  });
  goesOn.catch(() => undefined);
  return Promise.race([goesOn, ended]);
};

const joinsOf = (service: Service): number => service.log().split('kafka.group_joined').length;

/** Resolves when a thawed process has joined both groups again, which waits for its batches, and
 * each of its chores has ended a run. */
const settledAgain = async (thawed: Service, joinsBefore: number): Promise<void> => {
  const chores = async () => {
    const text = await (await fetch(`${thawed.healthUrl}/metrics`)).text();
    const runs = [...text.matchAll(/^carom_runtime_chore_runs_total\{[^}]*chore="([^"]+)"[^}]*\} (\d+)$/gm)];
    return ['sweep orphans', 'relay the outbox', 'end holds', 'lift caps'].map((chore) =>
      runs.reduce((sum, [, name, count]) => sum + (name === chore ? Number(count) : 0), 0),
    );
  };
  const before = await waitFor(chores, 20_000, 'the thawed process to answer');
  await waitFor(() => joinsOf(thawed) >= joinsBefore + 2, 20_000, 'the thawed process to join its groups again');
  await waitFor(
    async () => (await chores()).every((count, index) => count > (before[index] ?? 0)),
    20_000,
    'each chore of the thawed process to end',
  );
};

/** Sends the records of one run. Returns the ids of its postbacks. */
const sendRecords = async (lane: Lane, name: string): Promise<string[]> => {
  const { ground } = lane;
  const [plain, late] = [ground.click(), ground.click()];
  const held = ground.click({ offerKey: `held-${name}`, clickedAtMs: Date.now() - 3 * dayMs });
  const capped = [0, 1].map(() => ground.click({ offerKey: `capped-${name}` }));
  const sale = (clickId: string, transactionId: string, more: string, receivedAtMs = Date.now()) =>
    ground.postback(`clickid=${clickId}&transaction_id=${name}-${transactionId}&amount=2${more}`, { receivedAtMs });
  const postbacks = [
    sale(plain.clickId, 'plain', ''),
    sale(plain.clickId, 'plain', '', Date.now() + 1),
    sale(late.clickId, 'late', ''),
    sale(held.clickId, 'held', '&status=pending', Date.now() - 2 * dayMs),
    ...capped.map(({ clickId }, index) => sale(clickId, `capped-${index}`, '')),
  ];
  const cap = (conversions: number) => ({ cap: { per: 'total', conversions, timeZone: 'UTC' } });
  await putOffer(lane, `held-${name}`, { holdDays: 1 });
  await putOffer(lane, `capped-${name}`, cap(1));
  await send(
    lane,
    topics.clicks,
    [plain, held, ...capped].map((click) => [click.clickId, click]),
  );
  const count = async (sql: string) => Number((await ground.rows<{ n: bigint }>(sql))[0]?.n ?? 0n);
  await waitFor(
    () => count(`select count(*) as n from clicks where offer_key = 'capped-${name}'`).then((n) => n === 2),
    60_000,
    'the clicks',
  );
  await send(
    lane,
    topics.postbacks,
    postbacks.map((each) => [each.read.transactionId?.value ?? '', each]),
  );
  await waitFor(
    () =>
      count(`select count(*) as n from postbacks where transaction_id like '${name}-capped-%'`).then((n) => n === 2),
    60_000,
    'the capped sales',
  );
  await putOffer(lane, `capped-${name}`, cap(2));
  await waitFor(
    () => count(`select count(*) as n from postbacks where transaction_id = '${name}-late'`).then((n) => n === 1),
    60_000,
    'the early sale',
  );
  await send(lane, topics.clicks, [[late.clickId, late]]);
  return postbacks.map(({ id }) => id);
};

/** What has to be true of the story in the end; the first thing that is not. */
const faultsOf = async (
  { ground, publishedChanges }: Lane,
  name: string,
  ids: readonly string[],
): Promise<string[]> => {
  const states = await ground.rows<{ state: string; n: number }>(
    'select state, count(*)::int as n from postbacks where id = any($1::uuid[]) group by 1 order by 1',
    [ids],
  );
  const conversions = await ground.rows<{
    id: string;
    revision: number;
    state: string;
    marks: string[];
    approved: string;
  }>(
    `select id, revision, state, marks, (approved_nanos / 1000000000)::text as approved from conversions where transaction_id like $1`,
    [`${name}-%`],
  );
  const [left] = await ground.rows<{ orphans: number; outbox: number }>(
    'select (select count(*)::int from orphans) as orphans, (select count(*)::int from conversion_outbox) as outbox',
  );
  const unpublished = conversions.flatMap(({ id, revision }) =>
    Array.from({ length: revision }, (_, index) => `${id}:${index + 1}`).filter(
      (change) => !publishedChanges.has(change),
    ),
  );
  const bad = conversions.filter(
    ({ state, marks, approved }) => state !== 'approved' || marks.length > 0 || Number(approved) !== 2,
  );
  const expected = JSON.stringify([
    { state: 'applied', n: 5 },
    { state: 'duplicate', n: 1 },
  ]);
  return [
    ...(JSON.stringify(states) === expected ? [] : [`states ${JSON.stringify(states)}`]),
    ...(conversions.length === 5 ? [] : [`${conversions.length} conversions`]),
    ...bad.map((each) => `conversion ${JSON.stringify(each)}`),
    ...(left?.orphans ? [`${left.orphans} orphans`] : []),
    ...(left?.outbox ? [`${left.outbox} changes in the outbox`] : []),
    ...unpublished.map((change) => `${change} was not published`),
  ];
};

/** Sessions of attribution that have left a transaction open for so long. */
const idleInTransaction = async ({ ground }: Lane, ms: number): Promise<number> => {
  const rows = await ground.rows(
    `select 1 from pg_stat_activity where datname = current_database() and application_name = 'carom-attribution'
     and state = 'idle in transaction' and state_change < clock_timestamp() - $1 * interval '1 millisecond'`,
    [ms],
  );
  return rows.length;
};

const pointUnderLoad = 'attribution.postbacks.before-commit';

/** Sends sales, each twice, until the process is frozen with a transaction open, and some more.
 * Answers how many sales it sent. */
const freezeUnderLoad = async (lane: Lane, service: Service): Promise<number> => {
  const { ground } = lane;
  const click = ground.click();
  await send(lane, topics.clicks, [[click.clickId, click]]);
  let sent = 0;
  let isFrozen = false;
  const decided = async (): Promise<number> => {
    const rows = await ground.rows<{ n: bigint }>(
      "select count(*) as n from postbacks where transaction_id like 'load-%'",
    );
    return Number(rows[0]?.n ?? 0n);
  };
  const piece = async (): Promise<void> => {
    const calls = Array.from({ length: 50 }, () => {
      const transactionId = `load-${(sent += 1)}`;
      const call = () => ground.postback(`clickid=${click.clickId}&transaction_id=${transactionId}&amount=2`);
      return [call(), call()].map((each): [string, unknown] => [transactionId, each]);
    });
    await send(lane, topics.postbacks, calls.flat());
  };
  const load = (async () => {
    while (!isFrozen && sent < 5_000) {
      await piece();
      // So much waits that both processes are busy, and no more.
      await waitFor(async () => isFrozen || (await decided()) > 2 * sent - 300, 30_000, 'the load to be worked off');
    }
    for (let more = 0; more < 4; more += 1) await piece();
  })();
  await waitFor(() => service.log().includes(`fail point ${pointUnderLoad}`), 60_000, 'the process to freeze');
  await waitFor(async () => (await idleInTransaction(lane, 250)) > 0, 10_000, 'its transaction to be seen open');
  isFrozen = true;
  await load;
  return sent;
};

/** So long a cell may wait for its records, many times what it takes on a machine that is busy. */
const settleMs = 90_000;
/** A cell that takes longer, or fails, says what its processes did meanwhile. */
const slowMs = 45_000;

const runCell = async (lane: Lane, point: string, action: Action): Promise<void> => {
  const startedAt = performance.now();
  const startedAtMs = Date.now();
  const name = `${point.replace('.', '-')}-${action}`;
  const processes = await startFailing(lane, point, action);
  let isRight = false;
  try {
    const [ids] = await Promise.all([sendRecords(lane, name), processes.takenOver]);
    let faults: string[] = ['not looked at yet'];
    const settled = async () => (faults = await faultsOf(lane, name, ids)).length === 0;
    await waitFor(settled, settleMs).catch(() => undefined);
    // What settles only after the thaw has waited for the frozen process.
    const whileFrozen = faults.map(
      (fault) => `while ${action === 'freeze' ? 'it was frozen' : 'it went on'}: ${fault}`,
    );
    const endedBy = await processes.thaw();
    await settled();
    const ok = `ok, ${seconds(startedAt)}${endedBy ? `, then ended: ${endedBy}` : ''}`;
    results.set(`${point} ${action}`, [...whileFrozen, ...faults][0] ?? ok);
    expect([point, action, ...whileFrozen, ...faults]).toEqual([point, action]);
    isRight = true;
  } finally {
    if (!isRight || performance.now() - startedAt > slowMs)
      process.stderr.write(`\n${point} ${action} took ${seconds(startedAt)}:\n${processes.story(startedAtMs)}\n`);
    await processes.end();
  }
};
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

describe('attribution that fails at any point', () => {
  const open: Lane[] = [];
  beforeAll(async () => {
    for (const _ of lanes) open.push(await openLane());
  }, 120_000);
  afterAll(async () => {
    const actions: Action[] = ['die', 'throw', 'freeze'];
    const cells = (point: string) => actions.map((action) => results.get(`${point} ${action}`) ?? '-');
    printTable([['fail point', ...actions], ...points.map((point) => [point, ...cells(point)])]);
    for (const { ground, producer, reader } of open) {
      await reader.close();
      await producer.close();
      await ground.close();
    }
  }, 60_000);

  it('counts everything once, publishes every change, and leaves nothing waiting', async () => {
    const ended = await Promise.allSettled(
      lanes.map(async ({ action, points: own }, index) => {
        for (const point of own) await runCell(open[index] as Lane, point, action);
      }),
    );
    expect(ended.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([]);
  }, 580_000);

  it('frozen in the middle of a transaction under load, it is replaced: no lock is left, and each call counts once', async () => {
    const lane = open[0] as Lane;
    const env = envOf(lane);
    // At its third batch: by then it is in the middle of the load.
    const failing = { ...env, CAROM_FAIL_POINT: `${pointUnderLoad}:freeze:3` };
    const [frozen, other] = await Promise.all([startService('attribution', failing), startService('attribution', env)]);
    try {
      const sent = await freezeUnderLoad(lane, frozen);
      const states = async () => {
        const { rows } = await lane.ground.ownerPool.query<{ state: string; n: number }>(
          "select state, count(*)::int as n from postbacks where transaction_id like 'load-%' group by 1 order by 1",
        );
        return rows;
      };
      const expected = [
        { state: 'applied', n: sent },
        { state: 'duplicate', n: sent },
      ];
      await waitFor(async () => JSON.stringify(await states()) === JSON.stringify(expected), 60_000, 'all are decided');
      await waitFor(async () => (await idleInTransaction(lane, 250)) === 0, 10_000, 'Postgres to take its locks');
      await thaw(frozen);
      expect(await states()).toEqual(expected);
    } finally {
      for (const service of [frozen, other]) await service.stop();
    }
  }, 180_000);

  it('leaves a ledger that verifies', () => {
    for (const { ground } of open) {
      const env = { ...process.env, DATABASE_URL: ground.ground.databaseUrl };
      const verified = spawnSync(process.execPath, ['dist/ops/ledger-verify.js'], { env, encoding: 'utf8' });
      expect(verified.stdout).toContain(' 0 differences, 0 loose ends');
    }
  });
});
