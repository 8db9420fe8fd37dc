import { expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { createLog, type Time } from '#runtime';
import { Feed, type Row } from './feed.js';

/** A clock that goes on by itself as fast as what waits for it is done: half a second for each
 * look. Waits that end with the feed only never come to their end here. */
const quickTime = (): Time & { startMs: number } => {
  const startMs = Date.parse('2026-11-30T12:00:00Z');
  let nowMs = startMs;
  return {
    startMs,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    wait: async (ms) => {
      if (ms > 1_000) return new Promise(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      nowMs += ms;
    },
  };
};

/** A row is seen from the moment at which its transaction commits. */
const openFeed = (rows: readonly (Row & { commitsAtMs: number })[], time: Time) => {
  const counted = { rows: 0 };
  const feed = new Feed<object, Row>({
    event: 'call',
    read: (_filter, after, limit) => {
      const isAfter = ({ at, id }: Row): boolean => at > after.at || (at === after.at && id > after.id);
      const found = rows.filter((row) => row.commitsAtMs <= time.nowMs() && isAfter(row)).slice(0, limit);
      counted.rows += found.length;
      return Promise.resolve(found);
    },
    lets: () => true,
    show: ({ id }) => ({ id }),
    everything: {},
    log: createLog('spec', 'silent'),
    time,
  });
  return { feed, counted };
};

const follow = async (rows: readonly (Row & { commitsAtMs: number })[], time: Time, untilMs: number) => {
  const { feed, counted } = openFeed(rows, time);
  const out = new PassThrough();
  const texts: string[] = [];
  out.on('data', (text: Buffer) => texts.push(text.toString()));
  await feed.add(out as unknown as ServerResponse, {}, null);
  while (time.nowMs() < untilMs) await new Promise((resolve) => setImmediate(resolve));
  feed.close();
  const ids = [...texts.join('').matchAll(/^data: \{"id":"(.*)"\}$/gm)].map(([, id]) => id);
  return { ids, read: counted.rows };
};

const idOf = (index: number): string => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
const rowsOf = (time: { startMs: number }, count: number, everyMs: number, lateMs: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => {
    const atMs = time.startMs + 1_000 + index * everyMs;
    return { id: idOf(index), at: new Date(atMs).toISOString(), commitsAtMs: atMs + lateMs(index) };
  });

it('sends every row once, those too whose transactions took seconds', async () => {
  const time = quickTime();
  const rows = rowsOf(time, 300, 100, (index) => [0, 300, 900, 2_500, 8_000][index % 5] as number);
  const { ids } = await follow(rows, time, time.startMs + 60_000);
  expect(ids.toSorted()).toEqual(rows.map(({ id }) => id));
});

it('reads a row a few times, not at every look of ten seconds', async () => {
  const time = quickTime();
  const rows = rowsOf(time, 3_000, 10, () => 0);
  const { ids, read } = await follow(rows, time, time.startMs + 45_000);
  expect(ids).toHaveLength(rows.length);
  expect(read).toBeLessThan(8 * rows.length);
});

it('sends nothing that was decided before its first reader came', async () => {
  const time = quickTime();
  const [early, late] = rowsOf(time, 2, 2_000, () => 0) as [
    Row & { commitsAtMs: number },
    Row & { commitsAtMs: number },
  ];
  const before = { ...early, at: new Date(time.startMs - 100).toISOString(), commitsAtMs: 0 };
  expect((await follow([before, late], time, time.startMs + 20_000)).ids).toEqual([late.id]);
});
