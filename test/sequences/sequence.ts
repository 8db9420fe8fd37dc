import type { NetworkSettings, OfferSettings } from '#contracts';

/** What networks do to us, by name, and what has to come of it. Each sequence runs twice: through the pure rules, and as HTTP calls
 *  through the whole system. Both must give the same.
 *
 *  In a call `{a}` and `{b}` are the click ids of two visitors, `{t}` begins the transaction ids of the sequence (so that sequences never
 *  meet); `{h-3}` is the time three hours ago. A conversion is named by the rest of its transaction id, or by `-` where it has none. */
export type Sequence = {
  name: string;
  network?: Partial<NetworkSettings>;
  offer?: Partial<OfferSettings>;
  /** How long ago the clicks happened, in seconds; 3 hours unless told. */
  clickAgeSeconds?: number;
  calls: string[];
  /** What the log says of each call: `applied`, `duplicate`, `orphan`, or the code of its refusal. */
  log: string[];
  conversions: ExpectedConversion[];
};
export type ExpectedConversion = {
  transaction: string;
  event?: string;
  state: 'pending' | 'approved' | 'rejected' | 'reversed';
  /** What stands in the buckets; those not named hold 0. Null: the money is unknown. */
  money: Partial<Record<'pending' | 'approved' | 'rejected' | 'reversed', string>> | null;
  currency?: string | null;
  marks?: string[];
};

export const at = (click: string, transaction: string, rest: string) =>
  `clickid={${click}}&transaction_id={t}${transaction}${rest === '' ? '' : `&${rest}`}`;
export const one = (rest: string) => at('a', 'A', rest);
export const bare = (rest: string) => `transaction_id={t}A&${rest}`;
export const conversion = (
  state: ExpectedConversion['state'],
  money: ExpectedConversion['money'],
  more: Partial<ExpectedConversion> = {},
): ExpectedConversion => ({ transaction: 'A', state, money, ...more });

/** A call of a sequence with its placeholders filled in; times are cut to seconds, as networks write them. */
export const fillIn = (call: string, given: { a: string; b: string; t: string; nowMs: number }): string =>
  call
    .replaceAll('{a}', given.a)
    .replaceAll('{b}', given.b)
    .replaceAll('{t}', given.t)
    .replace(/\{h-(\d+)\}/g, (_, hours: string) => String(Math.floor(given.nowMs / 1000) - Number(hours) * 3600));
