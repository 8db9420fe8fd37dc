/** The closed lists of words that settings may use. `libs/contracts` builds its schemas from them,
 *  the rules switch on them. */

/** How a conversion is recognised. `transaction`: network + transaction id. See `identity.ts` for
 *  what happens without one. */
export const identityRules = ['transaction', 'transaction+event', 'click+transaction', 'click+event', 'click'] as const;
export type IdentityRule = (typeof identityRules)[number];

/** What another amount for the same identity means (rule 4). */
export const duplicateModes = ['update', 'ignore', 'add', 'increment'] as const;
export type DuplicateMode = (typeof duplicateModes)[number];

export const conversionStates = ['pending', 'approved', 'rejected', 'reversed'] as const;
export type ConversionState = (typeof conversionStates)[number];

/** What a network's status word may be mapped to: a state, or one of two meanings that are no state
 *  of money. `ignored`: the report is about no conversion (a ping, a missed payment);
 *  `test`: a trial call. */
export const statusMeanings = [...conversionStates, 'ignored', 'test'] as const;
export type StatusMeaning = (typeof statusMeanings)[number];

/** Marks are set beside the state and never change money by themselves. */
export const marks = ['late', 'too_early', 'over_cap', 'held', 'test', 'money_unknown', 'rate_unknown'] as const;
export type Mark = (typeof marks)[number];

/** The fields of a postback. Each is read from the parameters that the network's settings name. */
export const fieldNames = [
  'clickId',
  'transactionId',
  'amount',
  'currency',
  'status',
  'event',
  'occurredAt',
  'reversalOf',
  'saleAmount',
  'lineId',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** What the time that a network states is: of the event that the call reports, or of the sale that
 * it is about. The time of a sale dates the conversion and orders no reports. */
export const timesOf = ['event', 'sale'] as const;
export type TimeOf = (typeof timesOf)[number];

/** How a network writes decimals. `auto` reads what can only be read one way and leaves the rest
 *  unknown (P5). */
export const amountFormats = ['auto', 'dot', 'comma', 'minor'] as const;
export type AmountFormat = (typeof amountFormats)[number];

/** Drop-in endpoints: the postback paths and parameter names of other trackers. */
export const dropIns = ['voluum', 'binom', 'keitaro', 'redtrack', 'bemob', 'tune'] as const;
export type DropIn = (typeof dropIns)[number];

export const payoutModes = ['postback', 'fixed', 'percent'] as const;
export type PayoutMode = (typeof payoutModes)[number];

export const costModels = ['none', 'cpc', 'cpm', 'cpa', 'revshare'] as const;
export type CostModel = (typeof costModels)[number];

/** When a destination is sent another delivery. `first`: once per conversion; `state`: once per
 *  state; `change`: at every change of state or money. */
export const deliveryFrequencies = ['first', 'state', 'change'] as const;
export type DeliveryFrequency = (typeof deliveryFrequencies)[number];
