import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSendQueue, type Call, type Waiting } from './send-queue.js';

const callOf = (key: string, size: number): Call => ({
  records: Array.from({ length: size }, () => ({ topic: 'topic', key, value: '' })),
  acknowledged: [],
  open: size,
  deadline: 0,
  refusal: null,
  resolve: () => undefined,
  reject: () => undefined,
});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the queue of a producer', () => {
  it('sends every record once, each key in its order and one at a time, in batches within their bounds', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 });
    const shape = fc.record({
      keys,
      maxRecords: fc.integer({ min: 1, max: 7 }),
      turns: fc.array(fc.nat(3)),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ keys: order, maxRecords, turns }) => {
        const sent: string[] = [];
        const onItsWay = new Set<string>();
        let sends = 0;
        const send = async (batch: readonly Waiting[]): Promise<void> => {
          const inside = new Set(batch.map(({ call, index }) => call.records[index]!.key));
          expect(batch.length).toBeLessThanOrEqual(maxRecords);
          expect(batch.length === 1 || batch.reduce((sum, { bytes }) => sum + bytes, 0) <= 50).toBe(true);
          for (const key of inside) expect(onItsWay.has(key)).toBe(false);
          for (const key of inside) onItsWay.add(key);
          for (let left = turns[(sends += 1) % (turns.length || 1)] ?? 0; left > 0; left -= 1) await turn();
          for (const { call, index, bytes } of batch) sent.push(`${call.records[index]!.key}${bytes}`);
          for (const key of inside) onItsWay.delete(key);
        };
        const bounds = { spacingMs: 0, maxBatchRecords: maxRecords, maxBatchBytes: 50 };
        const subject = createSendQueue({ send, isOpen: () => true, ...bounds });
        // The size encodes the place in the order, so that each record can be recognised.
        for (const [place, key] of order.entries()) {
          subject.add({ call: callOf(key, 1), index: 0, bytes: place });
          if (place % 5 === 4) await turn();
        }
        await subject.idle();
        for (const key of 'abcde') {
          const expected = order.flatMap((each, place) => (each === key ? [`${key}${place}`] : []));
          expect(sent.filter((each) => each.startsWith(key))).toEqual(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does not send a record whose call was answered already', async () => {
    const answered = callOf('a', 1);
    const there = callOf('a', 1);
    const sent: Call[] = [];
    const send = async (batch: readonly Waiting[]): Promise<void> => void sent.push(...batch.map(({ call }) => call));
    const bounds = { spacingMs: 0, maxBatchRecords: 10, maxBatchBytes: 1000 };
    const subject = createSendQueue({ send, isOpen: (call) => call !== answered, ...bounds });
    for (const call of [answered, there, answered]) subject.add({ call, index: 0, bytes: 1 });
    await subject.idle();
    expect(sent).toEqual([there]);
  });

  it('sends at once when it was idle, and collects while the last request is recent', async () => {
    const sent: number[] = [];
    const send = async (batch: readonly Waiting[]): Promise<void> => void sent.push(batch.length);
    const bounds = { spacingMs: 60_000, maxBatchRecords: 10, maxBatchBytes: 1000 };
    const subject = createSendQueue({ send, isOpen: () => true, ...bounds });
    const add = (count: number): void => {
      for (let each = 0; each < count; each += 1) subject.add({ call: callOf('a', 1), index: 0, bytes: 1 });
    };
    add(2);
    await turn();
    await turn();
    expect(sent).toEqual([2]);
    add(3);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(sent).toEqual([2]);
    add(7);
    await turn();
    await turn();
    expect(sent).toEqual([2, 10]);
    add(1);
    await subject.idle();
    expect(sent).toEqual([2, 10, 1]);
  });
});
