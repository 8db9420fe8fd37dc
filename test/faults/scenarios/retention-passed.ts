import { Kafka, logLevel } from 'kafkajs';
import { topics } from '#contracts';
import { waitFor } from '../../support/wait-for.js';
import { accountLog, conversionsOf, count, ledgerDifferences } from '../accounts.js';
import { metricOf } from '../metrics.js';
import { sell, untilDelivered } from '../sales.js';
import { closingAfter, held, type Result, type Scenario } from '../scenario.js';
import { inParallel, isOk } from '../senders.js';
import { openWorld, type World } from '../world.js';

const missedMetric = 'carom_kafka_missed_records_total';

const sellMany = async (world: World, word: string, howMany: number): Promise<string[]> => {
  const sender = world.sender(16);
  const ids: string[] = [];
  await inParallel(Array.from({ length: howMany }), 16, async (_, index) => {
    const sent = await sell(world, sender, `${word}${index}`);
    if (isOk(sent)) ids.push(sent.id ?? '');
  });
  return ids;
};

/** Deletes, of each partition of the postbacks' topic, the first half of what attribution has not
 * read, as retention does when a service is away for too long. Answers how many records. */
const deleteUnread = async ({ ground }: World): Promise<number> => {
  const admin = new Kafka({ brokers: ground.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topic = ground.topicPrefix + topics.postbacks.name;
    const groupId = `${ground.topicPrefix}carom.attribution.${topics.postbacks.name}`;
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const positions = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    let deleted = 0;
    const partitions = ends.map(({ partition, high }) => {
      const position = Math.max(0, positions.get(partition) ?? 0);
      const many = Math.ceil((Number(high) - position) / 2);
      deleted += many;
      return { partition, offset: String(position + many) };
    });
    await admin.deleteTopicRecords({ topic, partitions });
    return deleted;
  } finally {
    await admin.disconnect();
  }
};

type Jump = { event?: string; topic?: string; missed?: number };

/** What the log of attribution says was missed, line by line. */
const jumpsLogged = ({ system }: World): Jump[] =>
  system.attribution
    .log()
    .split('\n')
    .filter((line) => line.includes('"event":"kafka.offset_jumped"'))
    .map((line) => JSON.parse(line) as Jump);

const missedBy = (jumps: readonly Jump[]): number => jumps.reduce((sum, { missed }) => sum + (missed ?? 0), 0);

type Status = { missed: { topic: string; reason: string; records: number | null }[] };

const run = async (world: World, many: number, say: (line: string) => void): Promise<Result> => {
  const { attribution } = world.system;
  const before = await sellMany(world, 'read', many);
  await untilDelivered(world, before.length, 60_000, say);
  await world.kill9(attribution);
  const unread = await sellMany(world, 'unread', many);
  const deleted = await deleteUnread(world);
  say(`${deleted} of ${unread.length} postbacks deleted before they were read`);
  await attribution.restart();
  const kept = before.length + unread.length - deleted;
  const applied = () => count(world.pool, `select count(*) as n from postbacks where state = 'applied'`);
  await waitFor(async () => (await applied()) >= kept, 60_000).catch((thrown: Error) => say(thrown.message));
  const counted = await metricOf(attribution.healthUrl, missedMetric);
  const jumps = jumpsLogged(world);
  const { body } = await world.system.api<Status>('GET', '/status');
  const shown = body.missed.find(({ topic, reason }) => topic === topics.postbacks.name && reason === 'deleted');
  await world.kill9(attribution);
  await attribution.restart();
  const later = await sellMany(world, 'later', many);
  await untilDelivered(world, kept + later.length, 60_000, say);
  const [log, again] = [await accountLog(world.pool, [...before, ...unread, ...later]), jumpsLogged(world).length];
  const conversions = (await conversionsOf(world.pool)).length;
  const differences = await ledgerDifferences(world.pool);
  return {
    numbers: { postbacks: log.accepted, deleted },
    held: [
      held('records that attribution had not read were deleted', deleted >= many / 3, `${deleted} of ${many}`),
      held(
        'its log says at level error how many it missed',
        missedBy(jumps) === deleted,
        `${missedBy(jumps)} of ${deleted}`,
      ),
      held('its metric counts them', counted === deleted, `${missedMetric} ${counted}`),
      held('the console shows them', shown?.records === deleted, body.missed),
      held(
        'what is missing is exactly that, and all else is applied',
        log.missing === deleted && log.states.applied === kept + later.length,
        log,
      ),
      held('the same is not said again after another start', again === jumps.length, `${again - jumps.length} more`),
      held(
        'one conversion per sale that was read',
        conversions === kept + later.length,
        `${conversions} of ${kept + later.length}`,
      ),
      held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
    ],
  };
};

export const retentionPassed: Scenario = {
  name: 'retention-passed',
  what: 'attribution is away until Kafka has deleted postbacks that it had not read',
  breaksServers: false,
  maxSeconds: { short: 180, long: 400 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openWorld(), (world) => run(world, long ? 20_000 : 500, say)),
};
