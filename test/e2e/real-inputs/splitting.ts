import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RealInputs } from './ground.js';

/** However a file is cut, ordered and repeated, the books are the same. */

const header = 'click_id,order,line,commission,status';
type Row = { order: number; line: number; cents: number; status: string };

/** Lines of orders, as networks export them: none is stated twice in a different way. */
const fileOf = fc.uniqueArray(
  fc.record({
    order: fc.integer({ min: 0, max: 3 }),
    line: fc.integer({ min: 0, max: 4 }),
    cents: fc.integer({ min: 1, max: 900 }),
    status: fc.constantFrom('approved', 'pending'),
  }),
  { minLength: 4, maxLength: 12, selector: ({ order, line }) => `${order}/${line}` },
);

const network = {
  defaultCurrency: 'USD',
  amountFormat: 'dot',
  reportFile: {
    columns: {
      clickId: ['click_id'],
      transactionId: ['order'],
      lineId: ['line'],
      amount: ['commission'],
      status: ['status'],
    },
  },
};

export const splittingCases = (given: () => RealInputs): void => {
  it('a file that is split anywhere, sent again and sent in another order gives the same books', async () => {
    const inputs = given();
    const runs = 1;
    const samples = fc.sample(fc.record({ rows: fileOf, cuts: fc.infiniteStream(fc.nat()) }), {
      numRuns: runs,
      seed: 18,
    });
    for (const [nth, { rows, cuts }] of samples.entries()) {
      const next = (below: number): number => (cuts.next().value as number) % below;
      const books: unknown[] = [];
      for (const how of ['whole', 'split', 'shuffled'] as const) {
        const key = `split-${nth}-${how}`;
        const ids = await inputs.network(key, network, 4);
        const text = ({ order, line, cents, status }: Row): string =>
          `${ids[order]},O-${order},L-${line},${(cents / 100).toFixed(2)},${status}`;
        const ordered =
          how === 'shuffled'
            ? rows
                .map((row) => ({ row, at: next(1_000_000) }))
                .sort((a, b) => a.at - b.at)
                .map(({ row }) => row)
            : rows;
        const cut = how === 'whole' ? rows.length : next(rows.length);
        const parts = [
          ordered.slice(0, cut),
          ordered.slice(cut),
          ...(how === 'whole' ? [] : [ordered.slice(next(rows.length))]),
        ];
        let sent = 0;
        for (const part of parts) {
          if (part.length === 0) continue;
          const { body } = await inputs.upload(key, `${[header, ...part.map(text)].join('\n')}\n`);
          expect(body.counts).toMatchObject({ accepted: part.length });
          sent += part.length;
          await inputs.decided(key, sent);
        }
        books.push(
          (await inputs.conversions(key))
            .map(({ transactionId, state, money }) => JSON.stringify([transactionId, state, money]))
            .sort(),
        );
      }
      expect([nth, books[1]]).toEqual([nth, books[0]]);
      expect([nth, books[2]]).toEqual([nth, books[0]]);
    }
  });
};
