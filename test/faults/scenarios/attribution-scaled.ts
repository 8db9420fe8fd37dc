import { randomBytes } from 'node:crypto';
import { topics, type ClickRecordedV1 } from '#contracts';
import { mintClickId } from '#domain';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import { startService, testSecrets, type Service } from '../../support/service.js';
import { waitFor } from '../../support/wait-for.js';
import { accountLog, conversionsOf, count, ledgerDifferences, sumOf } from '../accounts.js';
import { closingAfter, held, round, type Result, type Scenario } from '../scenario.js';
import { inParallel, isOk, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

type Call = { tag: string; clickId: string; status: 'approved' | 'pending'; amount: number };
type Plan = { clicks: ClickRecordedV1[]; lateClicks: ClickRecordedV1[]; calls: Call[]; distinct: number };

const amountOf = (index: number): number => (index % 500) + 1;

const clickOf = (index: number): ClickRecordedV1 => {
  const clickedAtMs = Date.now() - 60_000;
  const minted = { atMs: clickedAtMs, campaignNumber: 1, offerNumber: 1, random: randomBytes(5) };
  return {
    clickId: mintClickId(minted, testSecrets.CAROM_SECRET),
    clickedAtMs,
    campaignKey: 'spring',
    sourceKey: 'ads',
    offerKey: 'shoes',
    networkKey: 'acme',
    externalId: `x${index}`,
    externalIdRaw: `x${index}`,
    tokens: {},
    cost: null,
    visitor: { ip: null, userAgent: null, referer: null, language: null },
    channel: 'redirect',
    unique: true,
    flags: [],
  };
};

/** Of the calls, 20 % repeat an earlier one to the letter and 10 % are a pending report that comes
 * after its approval; 5 % of all go out before their click is known. Spread so that a repeat may
 * meet its first on another sender, at the same time. */
const plan = (total: number): Plan => {
  const distinct = Math.round(total * 0.7);
  const [repeats, late] = [Math.round(total * 0.2), Math.round(total * 0.1)];
  const clicks = Array.from({ length: distinct }, (_, index) => clickOf(index));
  const call = (index: number, status: Call['status']): Call => ({
    tag: `t${index}`,
    clickId: clicks[index]?.clickId ?? '',
    status,
    amount: amountOf(index),
  });
  const calls: Call[] = [];
  for (let index = 0; index < distinct; index += 1) {
    calls.push(call(index, 'approved'));
    if (index < late) calls.push(call(index, 'pending'));
    // Half of the repeats right behind their first, so that they race; half of them a while later.
    if (index >= late && index < late + repeats / 2) calls.push(call(index, 'approved'));
    if (index >= late + repeats) continue;
    const earlier = index - 200;
    if (earlier >= late + repeats / 2) calls.push(call(earlier, 'approved'));
  }
  for (let index = late + repeats / 2; calls.length < total; index += 1) calls.push(call(index, 'approved'));
  const isEarly = (index: number): boolean => index % 14 === 0;
  return {
    clicks: clicks.filter((_, index) => !isEarly(index)),
    lateClicks: clicks.filter((_, index) => isEarly(index)),
    calls,
    distinct,
  };
};

const connect = (world: World): Promise<Producer> =>
  connectProducer({
    brokers: world.ground.kafkaBrokers.split(','),
    clientId: 'faults',
    topicPrefix: world.ground.topicPrefix,
    log: createLog('faults', 'silent'),
    metrics: kafkaMetrics(createMetrics('faults')),
  });

const publishClicks = async (producer: Producer, clicks: readonly ClickRecordedV1[]): Promise<void> => {
  const { name: topic, type } = topics.clicks;
  for (let from = 0; from < clicks.length; from += 1_000) {
    const records = clicks.slice(from, from + 1_000).map((click) => ({
      topic,
      key: click.clickId,
      value: JSON.stringify(click),
      headers: { id: click.clickId, type },
    }));
    await producer.produce(records);
  }
};

/** Attribution 1 → 3 → 1 as the sending goes on, with one kill -9 while there are three. */
const scaling = (world: World, total: number, say: (line: string) => void) => {
  const more: Service[] = [];
  const { env } = world.ground;
  const steps: [share: number, act: () => Promise<void>][] = [
    [
      0.2,
      async () => {
        more.push(...(await Promise.all([startService('attribution', env), startService('attribution', env)])));
        say('attribution 1 → 3');
      },
    ],
    [
      0.5,
      async () => {
        await more[0]?.kill9();
        say('one of three killed');
        await more[0]?.restart();
      },
    ],
    [
      0.8,
      async () => {
        for (const service of more) await service.stop();
        say('attribution 3 → 1');
      },
    ],
  ];
  let running: Promise<void> = Promise.resolve();
  return {
    reached: (done: number): void => {
      while (steps[0] && done >= steps[0][0] * total) {
        const [, act] = steps.shift() as (typeof steps)[number];
        running = running.then(act);
      }
    },
    settled: () => running,
    stop: async (): Promise<void> => {
      await running.catch(() => undefined);
      for (const service of more) await service.stop().catch(() => undefined);
    },
  };
};

const openStage = async (total: number, say: (line: string) => void) => {
  const world = await openWorld();
  const scale = scaling(world, total, say);
  const producer = await connect(world);
  return {
    world,
    scale,
    producer,
    close: async (): Promise<void> => {
      await producer.close();
      await scale.stop();
      await world.close();
    },
  };
};

const judge = async (world: World, { calls, distinct }: Plan, sent: readonly Sent[]) => {
  const ids = sent.filter(isOk).map(({ id }) => id ?? '');
  const log = await accountLog(world.pool, ids);
  const conversions = await conversionsOf(world.pool);
  const wrong = conversions.filter(
    ({ transactionId, state, approved }) =>
      state !== 'approved' || approved !== amountOf(Number(transactionId.slice(1))),
  );
  const differences = await ledgerDifferences(world.pool);
  const logged = await count(world.pool, 'select count(*) as n from postbacks');
  // Of calls that are the same to the letter, one is applied: counted in the log by what each call
  // said.
  const appliedTwice = await count(
    world.pool,
    `select count(*) as n from (select transaction_id from postbacks where state = 'applied'
     group by transaction_id, read->'status'->>'raw' having count(*) > 1) more`,
  );
  return [
    held('every postback got a 2xx', ids.length === calls.length, `${ids.length} of ${calls.length}`),
    held('each of them is in the log, once', log.missing === 0 && log.twice === 0 && logged === ids.length, {
      ...log,
      logged,
    }),
    held(
      'the states add up, and none is left waiting, refused or parked',
      (log.states.applied ?? 0) + (log.states.duplicate ?? 0) === ids.length && sumOf(log.states) === ids.length,
      log.states,
    ),
    held('one conversion per sale', conversions.length === distinct, `${conversions.length} of ${distinct}`),
    held('each is approved with its amount', wrong.length === 0, `${wrong.length} wrong`),
    held('of equal calls one counts', appliedTwice === 0, `${appliedTwice} counted twice`),
    held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
  ];
};

export const attributionScaled: Scenario = {
  name: 'attribution-scaled',
  what: 'attribution goes 1 → 3 → 1 with a kill -9 under postbacks that are repeated, out of order and before their click',
  breaksServers: false,
  maxSeconds: { short: 300, long: 900 },
  run: async (_servers, { long, say }): Promise<Result> => {
    const total = long ? 200_000 : 10_000;
    return closingAfter(await openStage(total, say), async ({ world, scale, producer }): Promise<Result> => {
      const planned = plan(total);
      await publishClicks(producer, planned.clicks);
      const sender = world.sender(8);
      const sent: Sent[] = [];
      const begin = performance.now();
      await inParallel(planned.calls, 8, async ({ tag, clickId, status, amount }) => {
        const path = `${world.postbackPath}?clickid=${clickId}&transaction_id=${tag}&amount=${amount}&status=${status}`;
        sent.push(await sender.persist(tag, path));
        scale.reached(sent.length);
      });
      const sendSeconds = (performance.now() - begin) / 1_000;
      await scale.settled();
      await publishClicks(producer, planned.lateClicks);
      const decided = `select count(*) as n from postbacks where state in ('applied', 'duplicate')`;
      await waitFor(async () => (await count(world.pool, decided)) >= total, long ? 300_000 : 60_000, decided).catch(
        (thrown: Error) => say(thrown.message),
      );
      return {
        numbers: {
          postbacks: total,
          sentPerSecond: Math.round(total / sendSeconds),
          seconds: round((performance.now() - begin) / 1_000),
          beforeTheirClick: planned.lateClicks.length,
          restarts: JSON.stringify(world.restarts()),
        },
        held: await judge(world, planned, sent),
      };
    });
  },
};
