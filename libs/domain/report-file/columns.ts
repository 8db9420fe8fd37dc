import { defaultParameterNames } from '../reading/dialect.js';
import { fieldNames, type FieldName } from '../settings.js';

/** Names of columns, and the field that each probably is. */

/** Names are compared without case, spaces, dashes and units: `Transaction ID` is `transaction_id`,
 * `Ad Fees($)` is `ad_fees`. */
export const columnName = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/\((?:[$€£]|usd|eur|gbp)\)/g, '')
    .trim()
    .replace(/[\s-]+/g, '_');

/** Every column gets a name of its own: an unnamed one is `column_3`, the second `amount` is
 * `amount_2`. */
export const columnNames = (header: readonly string[]): string[] => {
  const used = new Map<string, number>();
  return header.map((cell, at) => {
    const name = columnName(cell) || `column_${at + 1}`;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
};

/** How networks' own reports call a field, beside the names of postback parameters, the best name
 * first. What is a price (`sales`, `revenue`, `order_value`) is never suggested as the payout. */
const reportNames: Partial<Record<FieldName, string>> = {
  clickId:
    'member_id_(u1) u1 epi clickref sid custom_id affcomment aff_sub sub_1 sub1 subid subid1 click_ref publisher_reference smart_link_sub',
  transactionId:
    'transid epn_transaction_id order_number order_no order_ref transaction_number lead_number commission_id sale_id',
  amount:
    'commission total_commission commission_amount publisher_commission pub_commission_amount_pub_currency earnings ad_fees fees payout payout_amount amount_earned total_earned affiliate_earnings net_commission',
  currency: 'currency currency_id currency_code commission_currency payout_currency ccy',
  status: 'status commission_status action_status transaction_status conversion_status state approval_status',
  event: 'event event_type event_name goal goal_name action_name commission_group',
  occurredAt:
    'transaction_date time_of_event event_date sale_date date_shipped transdate conversion_date conversion_time conversion_unix_timestamp order_date click_conversion_date created_at date',
  saleAmount:
    'sales sale_amount sale_amount_pub_currency order_value transamount revenue order_total order_amount basket',
};

const suggested: ReadonlyMap<string, { field: FieldName; rank: number }> = new Map(
  fieldNames
    .flatMap((field) =>
      [...(reportNames[field]?.split(' ') ?? []), ...withoutPrices(field)].map(
        (name, rank) => [name, { field, rank }] as const,
      ),
    )
    .reverse(),
);

/** Parameter names that mean money in a postback and a price in a report. */
function withoutPrices(field: FieldName): readonly string[] {
  const names = defaultParameterNames[field] ?? [];
  const prices = ['price', 'value', 'rate', 'revenue', 'conversion_value', 'profit', 'sum', 'income', 'money'];
  return field === 'amount' ? names.filter((name) => !prices.includes(name)) : names;
}

/** The column of each field that its name suggests; the best ranked name wins, each column serves
 * one field. */
export const suggestColumns = (names: readonly string[]): Partial<Record<FieldName, string>> => {
  const found: Partial<Record<FieldName, { name: string; rank: number }>> = {};
  for (const name of names) {
    const place = suggested.get(name);
    if (place && (found[place.field]?.rank ?? Infinity) > place.rank) found[place.field] = { name, rank: place.rank };
  }
  return Object.fromEntries(Object.entries(found).map(([field, { name }]) => [field, name]));
};

/** Whether a name looks like that of a column, for finding the header row. */
export const isKnownName = (cell: string): boolean => suggested.has(columnName(cell));
