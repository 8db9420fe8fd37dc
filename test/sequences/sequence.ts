import type { NetworkSettings, OfferSettings } from '#contracts';

/** Named sequences of calls and their right result. Each runs twice, through the pure rules and as
 *  HTTP calls through the whole system, and both must give the same.
 *
 *  | in a call | meaning |
 *  | --- | --- |
 *  | `{a}`, `{b}` | click ids of two visitors |
 *  | `{c}` | a visitor of an offer of a second network |
 *  | `{t}` | begins the transaction ids of the sequence, so that sequences never meet |
 *  | `{h-3}` | the time three hours ago |
 *  | `second …` | a call of the second network |
 *  | `plain …` | a call to the plain address, without a network's token |
 *  | `early …` | may have to wait for others |
 *
 *  A conversion is named by the rest of its transaction id, or by `-` where it has none. */
export type Sequence = {
  name: string;
  network?: Partial<NetworkSettings>;
  offer?: Partial<OfferSettings>;
  /** How long ago the clicks happened, in seconds; 3 hours by default. */
  clickAgeSeconds?: number;
  calls: string[];
  /** What the offer's settings become when all calls have been decided; holds that are due end and
   *  caps are lifted after it. */
  thenOffer?: Partial<OfferSettings>;
  /** What the log says of each call: `applied`, `duplicate`, `orphan`, or the code of its
   *  refusal. */
  log: string[];
  conversions: ExpectedConversion[];
};
export type ExpectedConversion = {
  transaction: string;
  event?: string;
  state: 'pending' | 'approved' | 'rejected' | 'reversed';
  /** The buckets; those not named hold 0. Null: the money is unknown. */
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

/** To which address a call of a sequence goes, and what it says. */
export const addressed = (call: string): { to: 'own' | 'second' | 'plain'; early: boolean; query: string } => {
  const [, early, to, query = ''] = /^(early )?(second |plain )?(.*)$/.exec(call) ?? [];
  return {
    to: to === undefined ? 'own' : to === 'plain ' ? 'plain' : 'second',
    early: early !== undefined,
    query,
  };
};

/** A call of a sequence with its placeholders filled in; times are cut to seconds, as networks
 *  write them. */
export const fillIn = (call: string, given: { a: string; b: string; c: string; t: string; nowMs: number }): string =>
  call
    .replaceAll('{a}', given.a)
    .replaceAll('{b}', given.b)
    .replaceAll('{c}', given.c)
    .replaceAll('{t}', given.t)
    .replace(/\{h-(\d+)\}/g, (_, hours: string) => String(Math.floor(given.nowMs / 1000) - Number(hours) * 3600));
