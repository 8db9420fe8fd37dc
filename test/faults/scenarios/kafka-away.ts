import { setTimeout as wait } from 'node:timers/promises';
import { topics, type PostbackReceivedV1 } from '#contracts';
import { followTable } from '#kafka';
import { createLog } from '#runtime';
import { waitFor } from '../../support/wait-for.js';
import { accountLog, conversionsOf, count, ledgerDifferences, sumOf, type LogAccount } from '../accounts.js';
import { closingAfter, held, percentile, round, type Held, type Result, type Scenario } from '../scenario.js';
import { inParallel, isOk, paced, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

/** Each conversion is reported so many times with growing amounts, each report only after the
 * answer to the one before. */
const reportsEach = 5;

/** Calls `/postback` at a pace over many conversions, in rounds, so that the reports of one are
 * spread over the whole time. */
const reporting = (world: World, clickIds: readonly string[], sent: Sent[]) => {
  const sender = world.sender(64);
  const last = new Map<number, Promise<unknown>>();
  return (index: number): Promise<unknown> => {
    const conversion = index % clickIds.length;
    const step = Math.floor(index / clickIds.length) + 1;
    const tag = `t${conversion}#${step}`;
    const path = `${world.postbackPath}?clickid=${clickIds[conversion]}&transaction_id=t${conversion}&amount=${step}&status=approved`;
    const call = async (): Promise<void> => {
      await last.get(conversion);
      sent.push(await sender.get(tag, path));
    };
    const running = call();
    last.set(conversion, running);
    return running;
  };
};

const makeClicks = async (world: World, howMany: number): Promise<string[]> => {
  const sender = world.sender(16);
  const clickIds: string[] = [];
  await inParallel(Array.from({ length: howMany }), 16, async (_, index) => {
    clickIds[index] = await world.click(sender, `x${index}`);
  });
  return clickIds;
};

const settled = (world: World, acceptedIds: readonly string[], timeoutMs: number): Promise<LogAccount> =>
  waitFor(
    async () => {
      const account = await accountLog(world.pool, acceptedIds);
      return account.missing === 0 && !account.states.orphan ? account : null;
    },
    timeoutMs,
    'every accepted postback is decided',
  ).catch(() => accountLog(world.pool, acceptedIds));

/** The steps of each conversion as they are on the topic, repeats of the same record left out:
 * they must read 1, 2, 3 … */
const orderOnTopic = async (world: World): Promise<{ conversions: number; outOfOrder: string[]; repeated: number }> => {
  const steps = new Map<string, number[]>();
  const ids = new Set<string>();
  let repeated = 0;
  const table = followTable<PostbackReceivedV1>({
    brokers: world.ground.kafkaBrokers.split(','),
    clientId: 'faults',
    topicPrefix: world.ground.topicPrefix,
    log: createLog('faults', 'silent'),
    topic: topics.postbacks,
    onFatal: () => undefined,
    onEntry: ({ value }) => {
      if (ids.has(value.id)) return void (repeated += 1);
      ids.add(value.id);
      const transaction = value.read.transactionId?.value ?? '';
      steps.set(transaction, [...(steps.get(transaction) ?? []), Number(value.read.amount?.raw ?? 0)]);
    },
  });
  await table.caughtUp;
  await table.close();
  const outOfOrder = [...steps].filter(([, list]) => list.some((step, at) => step !== at + 1));
  return { conversions: steps.size, outOfOrder: outOfOrder.map(([key]) => key), repeated };
};

/** Nothing lost, nothing double: the log, the conversions and the ledger against what was answered
 * with 2xx. */
const accounted = async (world: World, accepted: readonly Sent[], log: LogAccount): Promise<Held[]> => {
  const highest = new Map<string, number>();
  for (const { tag } of accepted) {
    const [transaction = '', step] = tag.split('#');
    highest.set(transaction, Math.max(highest.get(transaction) ?? 0, Number(step)));
  }
  const conversions = await conversionsOf(world.pool);
  const wrong = conversions.filter((each) => (highest.get(each.transactionId) ?? 0) > each.approved);
  const entriesTwice = await count(
    world.pool,
    `select count(*) as n from (select postback_id from ledger_entries group by conversion_id, postback_id, rule, from_bucket, to_bucket
     having count(*) > 1) twice`,
  );
  const differences = await ledgerDifferences(world.pool);
  return [
    held('every postback that got a 2xx is in the log, once', log.missing === 0 && log.twice === 0, log),
    held('each is in one state', sumOf(log.states) === log.accepted, `${sumOf(log.states)} of ${log.accepted}`),
    held('one conversion per sale', conversions.length === highest.size, `${conversions.length} of ${highest.size}`),
    held('no accepted amount is missing from a conversion', wrong.length === 0, `${wrong.length} wrong`),
    held('no ledger entry is double', entriesTwice === 0, `${entriesTwice} double`),
    held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
  ];
};

const visitsPerSecond = 20;

/** Visitors who follow the click link while Kafka is away (P9). */
const visit = async (world: World, perSecond: number, seconds: number): Promise<Sent[]> => {
  const sender = world.sender(16);
  const visits: Sent[] = [];
  await paced(perSecond, seconds, async (index) => {
    visits.push(await sender.get(`v${index}`, `/c/spring?click_id=away${index}`));
  });
  return visits;
};

const accountVisits = async (world: World, visits: readonly Sent[]) => {
  const recordedNow = () =>
    count(world.pool, `select count(distinct click_id) as n from clicks where external_id like 'away%'`);
  await waitFor(async () => (await recordedNow()) >= visits.length, 30_000).catch(() => undefined);
  return { redirected: visits.filter(({ status }) => status === 302).length, recorded: await recordedNow() };
};

const numbersOf = (world: World, sent: readonly Sent[]) => ({
  sent: sent.length,
  p50Ms: round(
    percentile(
      sent.map(({ ms }) => ms),
      0.5,
    ),
  ),
  p99Ms: round(
    percentile(
      sent.map(({ ms }) => ms),
      0.99,
    ),
  ),
  slowestMs: round(Math.max(...sent.map(({ ms }) => ms))),
  restarts: JSON.stringify(world.restarts()),
});

export const kafkaAway: Scenario = {
  name: 'kafka-away',
  what: 'Kafka is killed under 500 postbacks a second and comes back (after 60 s; short form: 10 s)',
  breaksServers: true,
  maxSeconds: { short: 300, long: 420 },
  run: async (servers, { long, say }): Promise<Result> => {
    const [perSecond, beforeS, awayS, afterS] = long ? [500, 5, 60, 10] : [500, 3, 10, 5];
    return closingAfter(await openWorld(), async (world): Promise<Result> => {
      const seconds = beforeS + awayS + afterS;
      const clickIds = await makeClicks(world, (perSecond * seconds) / reportsEach);
      const sent: Sent[] = [];
      const load = paced(perSecond, seconds, reporting(world, clickIds, sent));
      await wait(beforeS * 1_000);
      await servers.kafka.kill();
      say(`Kafka killed for ${awayS} s`);
      const visits = await visit(world, visitsPerSecond, awayS);
      await servers.kafka.start();
      say('Kafka is back');
      await load;
      const accepted = sent.filter(isOk);
      const refused = sent.length - accepted.length;
      const backAt = performance.now();
      const log = await settled(
        world,
        accepted.map(({ id }) => id ?? ''),
        long ? 240_000 : 150_000,
      );
      const caughtUpS = round((performance.now() - backAt) / 1_000);
      const order = await orderOnTopic(world);
      const { redirected, recorded } = await accountVisits(world, visits);
      return {
        numbers: {
          ...numbersOf(world, sent),
          redirectP99Ms: round(
            percentile(
              visits.map(({ ms }) => ms),
              0.99,
            ),
          ),
          caughtUpS,
          writtenTwiceToKafka: order.repeated,
        },
        held: [
          held('no postback was refused', refused === 0, `${refused} of ${sent.length} non-2xx`),
          ...(await accounted(world, accepted, log)),
          held(
            'in order per conversion',
            order.outOfOrder.length === 0,
            `${order.outOfOrder.length} of ${order.conversions} out of order`,
          ),
          held(
            'every visitor reached the offer without Kafka, and the click is recorded afterwards',
            redirected === visits.length && recorded === visits.length,
            `${redirected} redirected and ${recorded} recorded of ${visits.length}`,
          ),
        ],
      };
    });
  },
};

export const ingestKilledWhileSpooling: Scenario = {
  name: 'ingest-killed-while-spooling',
  what: 'Kafka is killed, ingest spools, ingest is killed with kill -9 in the middle of it, both come back',
  breaksServers: true,
  maxSeconds: { short: 300, long: 300 },
  run: async (servers, { long, say }): Promise<Result> => {
    const [perSecond, seconds] = long ? [500, 20] : [300, 6];
    return closingAfter(await openWorld(), async (world): Promise<Result> => {
      const clickIds = await makeClicks(world, (perSecond * seconds) / reportsEach);
      const sent: Sent[] = [];
      await servers.kafka.kill();
      const load = paced(perSecond, seconds, reporting(world, clickIds, sent));
      await wait((seconds - 1) * 1_000);
      await world.kill9(world.system.ingest);
      say('ingest killed while it spools');
      await load;
      const accepted = sent.filter(isOk);
      await servers.kafka.start();
      await world.system.ingest.restart();
      say('Kafka and ingest are back');
      const log = await settled(
        world,
        accepted.map(({ id }) => id ?? ''),
        90_000,
      );
      return {
        numbers: { ...numbersOf(world, sent), accepted: accepted.length, unanswered: sent.length - accepted.length },
        held: [
          held(
            'ingest had accepted postbacks without Kafka',
            accepted.length > perSecond,
            `${accepted.length} accepted`,
          ),
          ...(await accounted(world, accepted, log)),
        ],
      };
    });
  },
};
