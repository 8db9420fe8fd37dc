import { networkSettings, offerSettings } from '#contracts';
import {
  changeReport,
  conversionIdOf,
  formatNanos,
  resolveCall,
  type ConversionSet,
  type FoundClick,
  type Knowledge,
} from '#domain';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { openReportFile } from './report-file.js';
import { createRowReading } from './row-reading.js';

/** A report file through the reader and the rules: however it is cut, ordered and repeated, the
 * conversions are the same. */

const nowMs = Date.UTC(2026, 5, 1, 12);
const network = networkSettings.parse({ key: 'n', name: 'n', defaultCurrency: 'USD', amountFormat: 'dot' });
const offer = offerSettings.parse({ key: 'o', networkKey: 'n', url: 'https://shop.example/' });
const mapping = {
  columns: {
    clickId: ['click'],
    transactionId: ['order'],
    lineId: ['line'],
    amount: ['commission'],
    status: ['status'],
  },
};

const clickOf = (clickId: string): FoundClick => ({
  clickId,
  clickedAtMs: nowMs - 3_600_000,
  campaignKey: 'c',
  sourceKey: 's',
  offerKey: 'o',
  networkKey: 'n',
  externalId: null,
  externalIdRaw: null,
  tokens: {},
  visitor: null,
  from: 'click',
  cost: null,
  reportTokens: {},
});
const knows: Knowledge = {
  recognise: () => null,
  click: clickOf,
  clickInside: () => undefined,
  transactions: () => [],
  network: () => network,
  offer: () => offer,
};
const patience = { creditAfterMs: 600_000, clicksKeptMs: 1e12, expireAfterMs: 1e12 };

type Row = { order: number; line: number; cents: number; status: string };
const textOf = (rows: readonly Row[]): string =>
  [
    'click;order;line;commission;status',
    ...rows.map(({ order, line, cents, status }) =>
      [`click-${order}`, `O-${order}`, `L-${line}`, (cents / 100).toFixed(2), status].join(';'),
    ),
    '',
  ].join('\n');

/** The bytes of a file in pieces, as a connection brings them. */
function* pieces(text: string, size: number): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const upload = async (
  sets: Map<string, ConversionSet>,
  { rows, size, nth }: { rows: readonly Row[]; size: number; nth: number },
): Promise<void> => {
  if (rows.length === 0) return;
  const id = uuidv7({ msecs: nowMs + nth * 1_000 });
  const body = Readable.from(pieces(textOf(rows), size));
  const { analysis, batches } = await openReportFile(body, { contentType: 'text/csv', mapping, network, nowMs });
  if (!analysis.plan) throw new Error(analysis.problems.map(({ message }) => message).join(' '));
  const to = { id, networkKey: 'n', dialect: network, dispatch: true, recognise: () => null };
  const read = createRowReading(analysis.plan, to);
  for await (const batch of batches(analysis.plan, 500))
    for (const row of batch) {
      const reading = read(row);
      if (!('message' in reading)) throw new Error(JSON.stringify(reading.result));
      const { message } = reading;
      const { receivedAtMs, read: fields, test, suppressDelivery } = message;
      const resolution = resolveCall(
        {
          ...{ id: message.id, receivedAtMs, waitedMs: 0, networkKey: 'n', authenticatedBy: 'operator', proven: true },
          ...{ fields, test, suppressDelivery },
        },
        knows,
        patience,
      );
      if (resolution.kind !== 'conversion') throw new Error(resolution.kind);
      const { identity, event, transactionId, rules, clickId, attribution, report } = resolution;
      const baseId = conversionIdOf(identity);
      const made = { reports: [], attributions: {}, snapshots: new Map() };
      const held = sets.get(baseId) ?? { baseId, identity, networkKey: 'n', event, transactionId, rules, ...made };
      const attributions = attribution ? { ...held.attributions, [clickId]: attribution } : held.attributions;
      const result = changeReport({ ...held, attributions }, { causeId: message.id, report, nowMs: receivedAtMs });
      sets.set(baseId, result.set);
    }
};

const booksOf = (sets: Map<string, ConversionSet>): string[] =>
  [...sets.values()]
    .flatMap((set) =>
      [...set.snapshots.values()].map(({ transactionId, state, money }) =>
        JSON.stringify([
          transactionId,
          state,
          money && Object.entries(money).map(([name, nanos]) => [name, formatNanos(nanos)]),
        ]),
      ),
    )
    .sort();

const rowsOfFile = fc.uniqueArray(
  fc.record({
    order: fc.integer({ min: 0, max: 3 }),
    line: fc.integer({ min: 0, max: 5 }),
    cents: fc.integer({ min: 1, max: 900 }),
    status: fc.constantFrom('approved', 'pending'),
  }),
  { minLength: 1, maxLength: 20, selector: ({ order, line }) => `${order}/${line}` },
);

it('a report file gives the same books split anywhere, in another order and sent again', async () => {
  const howItComes = rowsOfFile.chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      shuffled: fc.shuffledSubarray(rows, { minLength: rows.length }),
      again: fc.subarray(rows),
      cut: fc.integer({ min: 0, max: rows.length }),
      size: fc.integer({ min: 1, max: 400 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(howItComes, async ({ rows, shuffled, again, cut, size }) => {
      const whole = new Map<string, ConversionSet>();
      await upload(whole, { rows, size: 65_536, nth: 0 });
      const parts = new Map<string, ConversionSet>();
      const files = [shuffled.slice(cut), again, shuffled.slice(0, cut), again];
      for (const [nth, file] of files.entries()) await upload(parts, { rows: file, size, nth });
      expect(booksOf(parts)).toEqual(booksOf(whole));
    }),
    { numRuns: 100 },
  );
}, 60_000);
