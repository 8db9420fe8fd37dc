import type { SafePostbackRecord } from '#contracts';
import { formatNanos, parseNanos } from '#domain';
import { z } from 'zod';

/** The totals of a file's rows by state and currency, for comparison with the total that the
 * network shows. */

export const uploadTotals = z.array(
  z.object({
    /** Null: the rows name no status; the network's default applies. */
    status: z.string().nullable(),
    currency: z.string().nullable(),
    rows: z.int(),
    amount: z.string(),
    /** Rows whose amount could not be read. */
    unknown: z.int(),
  }),
);

/** Lines beyond this number are added up as `other`: status words are the file's own. */
const maxLines = 100;

export const createUploadTotals = () => {
  const lines = new Map<
    string,
    { status: string | null; currency: string | null; rows: number; nanos: bigint; unknown: number }
  >();
  const lineOf = (status: string | null, currency: string | null) => {
    const key = JSON.stringify([status, currency]);
    let line = lines.get(key);
    if (line) return line;
    if (lines.size >= maxLines && status !== 'other') return lineOf('other', currency);
    lines.set(key, (line = { status, currency, rows: 0, nanos: 0n, unknown: 0 }));
    return line;
  };
  return {
    add: ({ read }: Pick<SafePostbackRecord, 'read'>): void => {
      const line = lineOf(read.status?.value ?? read.status?.raw ?? null, read.currency?.value ?? null);
      line.rows += 1;
      const nanos = parseNanos(read.amount?.value ?? '');
      if (nanos === null) line.unknown += 1;
      else line.nanos += nanos;
    },
    all: (): z.infer<typeof uploadTotals> =>
      [...lines.values()].map(({ nanos, ...line }) => ({ ...line, amount: formatNanos(nanos) })),
  };
};
