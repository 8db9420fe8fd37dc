import type { OverviewBucket } from '../api/answers';

/** The sums that the flow picture shows, and the bands between them. Pure. */

export type Flow = {
  clicks: number;
  calls: number;
  postbacks: OverviewBucket['postbacks'];
  owed: number;
  deliveries: OverviewBucket['deliveries'];
};

const noCalls: Flow['postbacks'] = { applied: 0, duplicate: 0, refused: 0, orphan: 0, parked: 0 };
const noDeliveries: Flow['deliveries'] = { delivered: 0, waiting: 0, parked: 0, superseded: 0 };

const added = <Counts extends Record<string, number>>(a: Counts, b: Counts): Counts =>
  Object.fromEntries(Object.keys(a).map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])) as Counts;
const sumOf = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, each) => sum + each, 0);

export const flowOf = (buckets: readonly OverviewBucket[]): Flow => {
  const postbacks = buckets.reduce((sum, bucket) => added(sum, bucket.postbacks), noCalls);
  const deliveries = buckets.reduce((sum, bucket) => added(sum, bucket.deliveries), noDeliveries);
  const clicks = buckets.reduce((sum, bucket) => sum + bucket.clicks, 0);
  return { clicks, calls: sumOf(postbacks), postbacks, owed: sumOf(deliveries), deliveries };
};

type Band = { from: number; to: number; width: number };

/** Bands from one node to several; their widths are shares of `maxWidth`, and any count above zero
 * is at least a hair wide. `from` is where the band leaves the first node, counted from its
 * middle; `to` is the index of the node that it reaches. */
export const bandsOf = (counts: readonly number[], maxWidth: number): Band[] => {
  const total = counts.reduce((sum, each) => sum + each, 0);
  if (total === 0) return [];
  const widths = counts.map((count) => (count === 0 ? 0 : Math.max(1.5, (count / total) * maxWidth)));
  const whole = widths.reduce((sum, each) => sum + each, 0);
  let at = -whole / 2;
  return widths.flatMap((width, to) => {
    const from = at + width / 2;
    at += width;
    return width === 0 ? [] : [{ from, to, width }];
  });
};

/** Exact decimal sums of texts: cents must not be lost to floats. */
export const addDecimals = (a: string, b: string): string => {
  const scale = Math.max(a.split('.')[1]?.length ?? 0, b.split('.')[1]?.length ?? 0);
  const digits = (text: string): bigint => {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const value = BigInt(whole + fraction.padEnd(scale, '0'));
    return text.startsWith('-') ? -value : value;
  };
  const sum = digits(a) + digits(b);
  const text = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0');
  const sign = sum < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
};
export const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

export type MoneySum = { currency: string; approved: string; pending: string; cost: string };

export const moneyOf = (buckets: readonly OverviewBucket[]): MoneySum[] => {
  const sums = new Map<string, MoneySum>();
  for (const { currency, approved, pending, cost } of buckets.flatMap(({ money }) => money)) {
    const sum = sums.get(currency) ?? { currency, approved: '0', pending: '0', cost: '0' };
    sums.set(currency, {
      currency,
      approved: addDecimals(sum.approved, approved),
      pending: addDecimals(sum.pending, pending),
      cost: addDecimals(sum.cost, cost),
    });
  }
  return [...sums.values()];
};
