import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readCsvBatches } from './csv-upload.js';

const rows = async (file: Buffer): Promise<unknown[]> => {
  const read: unknown[] = [];
  for await (const batch of readCsvBatches(Readable.from([file]), 500)) read.push(...batch);
  return read.map((row) => (row as { values: unknown }).values);
};
const text = 'Transaction ID;Größe\nGröße-1;"1;5 €"\nplain;2\n';
const read = [
  { transaction_id: 'Größe-1', größe: '1;5 €' },
  { transaction_id: 'plain', größe: '2' },
];

/** Pieces of that many rows each, made while they are read. */
function* pieces(count: number, rowsEach: number): Generator<Buffer> {
  yield Buffer.from('txid,payout\n');
  for (let piece = 0; piece < count; piece += 1) yield Buffer.from('T,1\n'.repeat(rowsEach));
}
const readAll = async (body: Readable, maxBytes?: number): Promise<number> => {
  let count = 0;
  for await (const batch of readCsvBatches(body, 500, maxBytes)) count += batch.length;
  return count;
};

describe('a CSV that is too large', () => {
  it('is refused at one row more than it may have', async () => {
    expect(await readAll(Readable.from(pieces(100, 1_000)))).toBe(100_000);
    await expect(readAll(Readable.from(pieces(101, 1_000)))).rejects.toMatchObject({ code: 'too_many_rows' });
  });

  it('is refused at one byte more than it may have', async () => {
    expect(await readAll(Readable.from(pieces(10, 100)), 4_012)).toBe(1_000);
    await expect(readAll(Readable.from(pieces(10, 100)), 4_011)).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('a CSV as people export it', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as Excel calls Unicode text', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['Windows line ends', Buffer.from(text.replaceAll('\n', '\r\n'))],
  ])('is read in %s', async (_what, file) => expect(await rows(file)).toEqual(read));

  it('keeps two ids apart that differ in a letter which is no UTF-8', async () => {
    const file = Buffer.from('txid,payout\nGr\xf6\xdfe,1\nGr\xfc\xdfe,2\n', 'latin1');
    expect(await rows(file)).toEqual([
      { txid: 'Größe', payout: '1' },
      { txid: 'Grüße', payout: '2' },
    ]);
  });
});
