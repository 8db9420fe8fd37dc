import type { AmountFormat, FieldName, StatusMeaning } from '../settings.js';
import { fieldNames } from '../settings.js';

/** How one network words its postbacks: the part of a network's settings that reading needs. */
export type Dialect = {
  /** Per field the parameters to look in, in order. A field that is not named here is looked for
   *  under the default names. */
  params: Partial<Record<FieldName, readonly string[]>>;
  statusMap: Record<string, StatusMeaning>;
  eventMap: Record<string, string>;
  amountFormat: AmountFormat;
  /** Reading does not fill it in (that is a rule); it says how many decimals a minor unit has. */
  defaultCurrency: string | null;
  timeZone: string;
  reversalPrefix: string | null;
};

/** The vocabularies of the trackers and platforms that people move from, so that a template pasted
 *  from elsewhere works as it is. Left out on purpose: `cost` (our spend at most of them) and a
 *  bare `id`, `source`, `time`, `date`. */
export const defaultParameterNames: Record<FieldName, readonly string[]> = {
  clickId:
    'click_id clickid carom_click_id cid subid sub_id cnv_id cf_click_id aff_click_id ext_click_id pub_click_id aff_sub visit_id click_uuid external_id externalid sub1 sub_id1 subid1 s2 clickref trackid track_id ymid clicktag'.split(
      ' ',
    ),
  transactionId:
    'transaction_id transactionid txid tid txn_id order_id orderid action_id conversion_id conversionid xid transaction txn lead_id leadid deposit_id postback_id event_uid adv_sub oid'.split(
      ' ',
    ),
  amount:
    'amount payout payout_amount payout_usd payout_eur sum revenue commission payment money income earnings'.split(' '),
  currency: 'currency cnv_currency offer_currency currency_code cur ccy'.split(' '),
  status:
    'status cnv_status conv_status conversion_status payment_status state stage action_status transaction_type'.split(
      ' ',
    ),
  event:
    'event event_name et goal goal_name goal_alias goal_value event_type conversion_type type goal_id event_id'.split(
      ' ',
    ),
  occurredAt:
    'occurred_at occurredat conversion_time conv_time conversion_date conversion_datetime event_time event_timestamp action_time sale_time timestamp datetime'.split(
      ' ',
    ),
  reversalOf:
    'reversal_of reversalof original_transaction_id original_txid original_order_id parent_transaction_id refund_of'.split(
      ' ',
    ),
  lineId: 'line_id lineid line_item_id'.split(' '),
  saleAmount:
    'sale_amount saleamount sale_value order_amount order_total order_sum order_value cart_value basket_value'.split(
      ' ',
    ),
};

/** Names that may hold a price, coins, a share or an install value. They are the payout only where
 * the network's settings say so. */
export const doubtfulAmountNames: readonly string[] = 'price value rate profit conversion_value'.split(' ');

/** The dialect of a call whose network is not known yet. */
export const commonDialect: Dialect = {
  params: {},
  statusMap: {},
  eventMap: {},
  amountFormat: 'auto',
  defaultCurrency: null,
  timeZone: 'UTC',
  reversalPrefix: null,
};

/** Where a parameter belongs: the field and its rank among the field's names. */
type Place = { field: FieldName; rank: number };
type NameIndex = {
  places: Map<string, Place[]>;
  /** Parameters that hold JSON with named values inside (`payload` of `payload>order.id`). */
  nested: Set<string>;
};

const indexes = new WeakMap<object, NameIndex>();

/** Names → fields, compared without case. Compiled once per settings object, because every call
 *  needs it. A name that the network gives to one field is taken from the default names of the
 *  others: `transaction_id` is the click id at TUNE. */
export const indexNames = (params: Dialect['params']): NameIndex => {
  const known = indexes.get(params);
  if (known) return known;
  const own = new Set(Object.values(params).flatMap((names) => names.map((name) => name.toLowerCase())));
  const index: NameIndex = { places: new Map(), nested: new Set() };
  for (const field of fieldNames) {
    const given = params[field];
    const names = given && given.length > 0 ? given : defaultParameterNames[field].filter((name) => !own.has(name));
    for (const [rank, name] of names.entries()) {
      const lower = name.trim().toLowerCase();
      index.places.set(lower, [...(index.places.get(lower) ?? []), { field, rank }]);
      const inner = lower.indexOf('>');
      if (inner > 0) index.nested.add(lower.slice(0, inner));
    }
  }
  indexes.set(params, index);
  return index;
};
