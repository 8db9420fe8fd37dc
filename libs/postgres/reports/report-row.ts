import { bucketNames, type Buckets, type FigureRow } from '#domain';

/** A line of a report as Postgres answers it: groups as g0, g1, …, and the figures. */
export type ReportRow = Record<string, string | number | null> & { currency: string; rateDay: string };

export const figureRowOf = (row: ReportRow, groups: number): FigureRow => {
  const nanos = (column: string) => BigInt(row[column] ?? 0);
  const count = (column: string) => Number(row[column] ?? 0);
  return {
    key: Array.from({ length: groups }, (_, at) => (row[`g${at}`] as string | null) ?? null),
    rateDay: row.rateDay,
    currency: row.currency,
    counts: {
      clicks: count('clicks'),
      uniqueClicks: count('unique_clicks'),
      pending: count('pending_count'),
      approved: count('approved_count'),
      rejected: count('rejected_count'),
      reversed: count('reversed_count'),
      moneyUnknown: count('unknown_count'),
    },
    money: Object.fromEntries(bucketNames.map((name) => [name, nanos(`${name}_nanos`)])) as Buckets,
    costNanos: nanos('cost_nanos'),
  };
};
