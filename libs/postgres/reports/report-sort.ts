/** What lines are sorted by, over the columns of the figures. Ratios have six decimals, as they are
 *  shown; what has none is null and comes last. */
const ratio = (dividend: string, divisor: string): string =>
  `div((${dividend})::numeric * 1000000, nullif((${divisor})::numeric, 0))`;
const expressions = {
  clicks: 'clicks',
  uniqueClicks: 'unique_clicks',
  conversions: 'pending_count + approved_count',
  pending: 'pending_count',
  approved: 'approved_count',
  rejected: 'rejected_count',
  reversed: 'reversed_count',
  moneyUnknown: 'unknown_count',
  revenue: 'approved_nanos',
  pendingMoney: 'pending_nanos',
  reversedMoney: 'reversed_nanos',
  cost: 'cost_nanos',
  profit: 'approved_nanos - cost_nanos',
  cr: ratio('pending_count + approved_count', 'clicks'),
  epc: ratio('approved_nanos', 'clicks'),
  roi: ratio('approved_nanos - cost_nanos', 'cost_nanos'),
  approvalRate: ratio('approved_count', 'approved_count + rejected_count + reversed_count'),
  averagePayout: ratio('approved_nanos', 'approved_count'),
} as const;
export type ReportFigure = keyof typeof expressions;
export const reportFigures = Object.keys(expressions) as [ReportFigure, ...ReportFigure[]];

export type ReportSort = { by: 'key' | ReportFigure; descending: boolean };

/** Lines with equal figures are in the order of their keys. */
export const orderOf = ({ by, descending }: ReportSort, keys: readonly string[]): string => {
  if (by === 'key') return keys.map((key) => (descending ? `${key} desc` : key)).join(', ');
  return [`${expressions[by]} ${descending ? 'desc' : 'asc'} nulls last`, ...keys].join(', ');
};
