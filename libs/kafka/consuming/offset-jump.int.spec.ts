import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import type { OffsetJump } from '#kafka';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { change, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';
import { findJump } from './offset-jump.js';

let ground: KafkaGround;
let admin: Admin;
let topic: string;
beforeAll(async () => {
  ground = await openKafkaGround();
  topic = ground.connection.topicPrefix + topics.conversions.name;
  admin = new Kafka({ brokers: [...ground.connection.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});
afterAll(async () => {
  await ground.close();
  await admin.disconnect();
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const send = (key: string, revisions: readonly number[]) =>
  ground.producer.produce(revisions.map((revision) => change(revision, key)));
/** A consumer whose log and stored jumps are kept. */
const watched = (group: string, handle?: Parameters<KafkaGround['consume']>[1]) => {
  const errors: { event?: string; reason?: string }[] = [];
  const stored: OffsetJump[] = [];
  const { log } = ground.connection;
  const keeping = Object.assign(Object.create(log) as typeof log, { error: (line: object) => errors.push(line) });
  let failures = 1;
  const consumed = ground.consume(group, handle, {
    log: keeping,
    onJump: async (jumps) => {
      // Postgres may be away at that moment.
      if (failures-- > 0) throw new Error('Postgres is away');
      stored.push(...jumps);
      await Promise.resolve();
    },
  });
  const jumpLines = () => errors.filter(({ event }) => event === 'kafka.offset_jumped');
  return { ...consumed, stored, jumpLines };
};
/** Deletes the records of a partition before this offset, as retention does. */
const deleteBefore = async (partition: number, offset: number): Promise<void> =>
  admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
const endOf = async (partition: number): Promise<number> =>
  Number((await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition)?.high);

describe('a consumer that goes on without having read everything', () => {
  it('that was stopped for longer than records are kept says how many it missed, and reads the rest', async () => {
    await send('stopped', range(1, 6));
    const before = ground.consume('stopped');
    await waitFor(() => before.revisions().length === 5);
    await before.consumer.close();
    const partition = before.seen[0]?.partition ?? 0;
    await send('stopped', range(6, 26));
    const end = await endOf(partition);
    await deleteBefore(partition, end - 3);
    const after = watched('stopped');
    await waitFor(() => after.revisions().length === 3);
    expect(after.revisions()).toEqual([23, 24, 25]);
    const jump = { group: 'stopped', topic: topics.conversions.name, partition, reason: 'deleted', missed: 17 };
    expect(after.jumpLines()).toMatchObject([{ ...jump, from: end - 20, to: end - 3 }]);
    expect(ground.jumps).toEqual([{ reason: 'deleted', missed: 17 }]);
    await waitFor(() => after.stored.length === 1, 10_000, 'the jump to be stored at the second try');
    expect(after.stored).toMatchObject([jump]);
    await after.consumer.close();
    ground.jumps.length = 0;
  });

  it('that rests over a failing batch for longer than records are kept says so too', async () => {
    let isFailing = false;
    const running = watched('resting', ({ messages }) => {
      if (isFailing) return Promise.reject(new Error('Postgres is away'));
      return Promise.resolve(messages.map(() => ({ kind: 'done' }) as const));
    });
    await send('resting', range(100, 103));
    await waitFor(() => running.revisions().includes(102));
    isFailing = true;
    await send('resting', range(103, 113));
    await waitFor(() => running.revisions().includes(112));
    const partition = running.seen.find(({ key }) => key === 'resting')?.partition ?? 0;
    await deleteBefore(partition, (await endOf(partition)) - 2);
    isFailing = false;
    // Its group was new on the partition that has lost its beginning above.
    const deleted = () => running.jumpLines().filter(({ reason }) => reason === 'deleted');
    await waitFor(() => deleted().length === 1);
    expect(deleted()).toMatchObject([{ partition, missed: 8 }]);
    await running.consumer.close();
    ground.jumps.length = 0;
  });

  it('that has no position on a topic without its beginning says how many it can have missed', async () => {
    const fresh = watched('fresh');
    await waitFor(() => fresh.jumpLines().length > 0);
    const lows = (await admin.fetchTopicOffsets(topic)).map(({ low }) => Number(low)).filter((low) => low > 0);
    const byNumber = (one: { missed: number | null }, other: { missed: number | null }) =>
      Number(one.missed) - Number(other.missed);
    const expected = lows.map((missed) => ({ reason: 'no_position', missed }));
    expect(ground.jumps.toSorted(byNumber)).toEqual(expected.toSorted(byNumber));
    await fresh.consumer.close();
    ground.jumps.length = 0;
  });

  it('says nothing when it starts again where it was, or shares its partitions', async () => {
    const one = watched('shared');
    await waitFor(() => one.revisions().includes(112));
    ground.jumps.length = 0;
    const other = watched('shared');
    await waitFor(async () => (await ground.describeGroup('shared')).members === 2);
    await send('shared', range(200, 210));
    await waitFor(() => [...one.revisions(), ...other.revisions()].includes(209));
    await one.consumer.close();
    await send('shared', range(210, 212));
    await waitFor(() => other.revisions().includes(211));
    await other.consumer.close();
    expect(ground.jumps).toEqual([]);
  });

  it('that is beyond the end, as after the loss of a broker, says that it reads from the start', async () => {
    const partition = 0;
    const groupId = `${ground.connection.topicPrefix}beyond`;
    const beyond = (await endOf(partition)) + 1_000;
    await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(beyond) }] });
    const after = watched('beyond');
    const lines = () => after.jumpLines().filter(({ reason }) => reason === 'beyond_end');
    await waitFor(() => lines().length === 1);
    expect(lines()).toMatchObject([{ partition, from: beyond, missed: null }]);
    await after.consumer.close();
  });

  // Without it for long, the consumer gives it up; the position of the group is deleted with it.
  it.each([
    ['at once', 300, 0],
    ['after eight seconds', 500, 8_000],
  ])('that runs while its topic is made again %s says so, and reads it from the start', async (_, first, withoutMs) => {
    const running = watched(`again-${first}`);
    const [last, next] = [first + 2, first + 100];
    await send('again', range(first, last + 1));
    await waitFor(() => running.revisions().includes(last));
    await admin.deleteTopics({ topics: [topic] });
    await waitFor(async () => !(await admin.listTopics()).includes(topic));
    const deletedAt = performance.now();
    await waitFor(() => performance.now() - deletedAt >= withoutMs);
    // Not until it has leaders: to ask for a topic that the broker does not know yet is an error.
    await admin.createTopics({
      topics: [{ topic, numPartitions: topics.conversions.partitions }],
      waitForLeaders: false,
    });
    await waitFor(() => send('again', [next]).then(() => true), 30_000, 'the new topic to take records');
    await waitFor(() => running.revisions().includes(next), 30_000, 'the first record of the new topic');
    const lines = () => running.jumpLines().filter(({ reason }) => reason === 'beyond_end');
    await waitFor(() => lines().length > 0);
    expect(lines()[0]).toMatchObject({ to: 0, missed: null });
    await running.consumer.close();
  });
});

describe('whether a position misses records', () => {
  it.each([
    ['read all of what was deleted', 10, 10, 20, null],
    ['is in the middle', 15, 10, 20, null],
    ['has read everything', 20, 10, 20, null],
    ['was reset and reported before', -2, 10, 20, null],
    ['is new on a whole topic', -1, 0, 20, null],
    ['lacks what was deleted', 4, 10, 20, { reason: 'deleted', from: 4, to: 10, missed: 6 }],
    ['is beyond the end', 25, 0, 20, { reason: 'beyond_end', from: 25, to: 0, missed: null }],
    ['is new on a topic without its start', -1, 10, 20, { reason: 'no_position', from: null, to: 10, missed: 10 }],
  ])('that %s', (_what, committed, low, high, found) => {
    expect(findJump(committed, low, high)).toEqual(found);
  });
});
