import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { committedOffsets, rewindGroup } from '#kafka';
import { change, openKafkaGround, type KafkaGround } from '../../test/support/kafka-ground.js';
import { waitFor } from '../../test/support/wait-for.js';

let ground: KafkaGround;
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(() => ground.close());

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const topic = topics.conversions.name;

describe('a consumer that was stopped', () => {
  it('reads again what it read in the last minutes when it is set back, and nothing of before', async () => {
    await ground.producer.produce([change(100, 'rewound')]);
    const early = ground.consume('rewound');
    await waitFor(() => early.revisions().includes(100));
    const atMs = Date.now() + 1;
    await waitFor(() => Date.now() > atMs + 5);
    await ground.producer.produce(range(101, 104).map((revision) => change(revision, 'rewound')));
    await waitFor(() => early.revisions().includes(103));
    await expect(rewindGroup(ground.connection, 'rewound', topic, atMs)).rejects.toMatchObject({
      code: 'GROUP_ACTIVE',
    });
    await early.consumer.close();
    const partition = early.seen.find(({ revision }) => revision === 103)?.partition ?? 0;
    const committed = (await committedOffsets(ground.connection, 'rewound', topic)).get(partition) ?? 0n;
    expect(await rewindGroup(ground.connection, 'rewound', topic, atMs)).toBe(3);
    expect((await committedOffsets(ground.connection, 'rewound', topic)).get(partition)).toBe(committed - 3n);
    const again = ground.consume('rewound');
    await waitFor(() => again.revisions().includes(103));
    expect(again.revisions()).toEqual([101, 102, 103]);
    await again.consumer.close();
  });
});
