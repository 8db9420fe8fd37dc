import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSpool, type Spool, type SpoolRecord } from '#spool';
import { waitFor } from '../../test/support/wait-for.js';

let folder: string;
const open: Spool[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carom-spool-'));
});
afterEach(async () => {
  for (const spool of open.splice(0)) await spool.close();
  rmSync(folder, { recursive: true, force: true });
});

const openOne = async (maxBytes = 10_000_000): Promise<Spool> => {
  const spool = await openSpool({ folder, maxBytes });
  open.push(spool);
  return spool;
};
const record = (key: string, number: number): SpoolRecord => ({
  topic: 'topic',
  key,
  value: String(number),
  headers: {},
});
const drained = async (spool: Spool): Promise<SpoolRecord[]> => {
  const sent: SpoolRecord[] = [];
  await spool.drainInOrder(async (records) => void sent.push(...records));
  return sent;
};
const numbersOf = (records: SpoolRecord[], key: string) =>
  records.filter((each) => each.key === key).map(({ value }) => Number(value));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('the spool', () => {
  it('returns exactly what was written, in order, text as text and bytes as bytes', async () => {
    const spool = await openOne();
    const records: SpoolRecord[] = [
      { topic: 'one', key: 'ключ', value: '{"amount":"12,50 €"}', headers: { id: '7', type: 'x.v1' } },
      { topic: 'two', key: '', value: Buffer.from([0, 255, 1]), headers: {} },
    ];
    await spool.append(records);
    await spool.append([record('last', 1)]);
    expect(spool.depth).toBe(3);
    expect(spool.oldestAtMs).not.toBeNull();
    expect(await drained(spool)).toEqual([...records, record('last', 1)]);
    expect([spool.depth, spool.bytes, spool.oldestAtMs]).toEqual([0, 0, null]);
  });

  it('keeps the order of thousands of calls that wait at once, in a few commits', async () => {
    const spool = await openOne();
    await Promise.all(range(1, 3_001).map((number) => spool.append([record('many', number)])));
    expect(numbersOf(await drained(spool), 'many')).toEqual(range(1, 3_001));
  });

  it('keeps what could not be sent, and sends it first the next time', async () => {
    const spool = await openOne();
    await spool.append(range(1, 1_201).map((number) => record('x', number)));
    const sent: SpoolRecord[] = [];
    const failing = spool.drainInOrder(async (records) => {
      if (sent.length >= 500) throw new Error('Kafka is away');
      sent.push(...records);
    });
    await expect(failing).rejects.toThrow('Kafka is away');
    expect(spool.depth).toBe(700);
    sent.push(...(await drained(spool)));
    expect(numbersOf(sent, 'x')).toEqual(range(1, 1_201));
  });

  it('drains what comes in while it drains', async () => {
    const spool = await openOne();
    await spool.append([record('x', 1)]);
    const sent: SpoolRecord[] = [];
    await spool.drainInOrder(async (records) => {
      sent.push(...records);
      if (sent.length < 5) void spool.append([record('x', sent.length + 1)]);
    });
    expect(numbersOf(sent, 'x')).toEqual(range(1, 6));
  });
});

describe('a spool with no room', () => {
  it('says that it is full, keeps what it has, and takes more once it has been drained', async () => {
    const spool = await openOne(2_000);
    await spool.append(range(1, 11).map((number) => record('x', number)));
    await expect(spool.append(range(11, 31).map((number) => record('x', number)))).rejects.toMatchObject({
      code: 'SPOOL_FULL',
    });
    expect(numbersOf(await drained(spool), 'x')).toEqual(range(1, 11));
    await spool.append([record('x', 11)]);
    expect(spool.depth).toBe(1);
  });

  it('leaves a part of its room to records that are more important than others', async () => {
    const spool = await openOne(20_000);
    const fill = async (share: number): Promise<number> => {
      for (let number = 1; ; number += 1)
        try {
          await spool.append([record('x', number)], share);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'SPOOL_FULL' });
          return spool.bytes;
        }
    };
    const [half, threeQuarters, all] = [await fill(0.5), await fill(0.75), await fill(1)];
    for (const [bytes, limit] of [
      [half, 10_000],
      [threeQuarters, 15_000],
      [all, 20_000],
    ] as const)
      expect(bytes > limit - 300 && bytes <= limit).toBe(true);
  });

  it('refuses what would wait in memory beyond its limit, and takes it when the disk has caught up', async () => {
    const spool = await openSpool({ folder, maxBytes: 10_000_000, maxPendingBytes: 3_000 });
    open.push(spool);
    const calls = await Promise.allSettled(range(0, 100).map((number) => spool.append([record('x', number)])));
    const refused = calls.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(50);
    expect(refused[0]).toMatchObject({ reason: { code: 'SPOOL_BUSY' } });
    expect([spool.depth, spool.pendingBytes]).toEqual([100 - refused.length, 0]);
    await spool.append([record('x', 100)]);
  });

  // The disk that is filled is mounted for the test, and only root may mount one.
  if (process.getuid?.() === 0)
    it('says that the disk is full, keeps none of that call, and goes on when there is room again', async () => {
      const disk = mkdtempSync(join(tmpdir(), 'carom-disk-'));
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
      expect(mounted.status).toBe(0);
      try {
        const spool = await openSpool({ folder: join(disk, 'spool'), maxBytes: 1e9 });
        open.push(spool);
        const ballast = join(disk, 'ballast');
        writeFileSync(ballast, Buffer.alloc(1_500_000));
        const large = { ...record('large', 1), value: 'x'.repeat(600_000) };
        await expect(spool.append([record('large', 0), large])).rejects.toMatchObject({ code: 'SPOOL_DISK_FULL' });
        expect(spool.depth).toBe(0);
        rmSync(ballast);
        await spool.append([large]);
        expect(await drained(spool)).toEqual([large]);
        await open.pop()?.close();
      } finally {
        spawnSync('umount', [disk]);
        rmSync(disk, { recursive: true, force: true });
      }
    });

  it('is not opened where it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openSpool({ folder: join(folder, 'file'), maxBytes: 1 })).rejects.toMatchObject({
      code: 'SPOOL_BROKEN',
    });
  });
});

describe('a spool whose process has died', () => {
  it('has lost nothing that was acknowledged before a kill, and the next process drains it in order', async () => {
    const child = spawn(process.execPath, ['dist/test/support/spool-child.js', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await waitFor(() => said.split('\n').length > 400, 20_000);
    child.kill('SIGKILL');
    await once(child, 'close');
    const spool = await openOne();
    const sent = await drained(spool);
    for (const lane of ['a', 'b', 'c', 'd']) {
      const acknowledged = said.split('\n').filter((line) => line.startsWith(`${lane} `)).length;
      const numbers = numbersOf(sent, lane);
      expect(acknowledged).toBeGreaterThan(10);
      expect(numbers).toEqual(range(1, numbers.length + 1));
      // At most the one that was written and not yet answered.
      expect([acknowledged, acknowledged + 1]).toContain(numbers.length);
    }
  }, 40_000);

  it('is not drained by another process while its own lives, and leaves no file when it was empty', async () => {
    const first = await openOne();
    await first.append([record('x', 1)]);
    const second = await openOne();
    expect(second.depth).toBe(0);
    await second.append([record('y', 1)]);
    await first.close();
    await second.close();
    expect(readdirSync(folder).filter((name) => name.endsWith('.spool'))).toHaveLength(2);
    const third = await openOne();
    expect(third.depth).toBe(2);
    expect((await drained(third)).map(({ key }) => key)).toEqual(['x', 'y']);
    await third.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses to take more once it is closed', async () => {
    const spool = await openOne();
    await spool.close();
    await expect(spool.append([record('x', 1)])).rejects.toMatchObject({ code: 'SPOOL_BROKEN' });
  });
});
