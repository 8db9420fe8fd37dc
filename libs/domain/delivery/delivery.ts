import { hash } from 'node:crypto';
import { dayMs } from '../calendar.js';
import type { CompiledRequest } from './destination-template.js';
import {
  isReversal,
  templateFor,
  templateKindFor,
  valueFor,
  type ConversionFacts,
  type Destination,
  type DestinationRules,
} from './destination.js';
import { currencyMacroOf, omissionOf } from '../template/macro-filter.js';
import { tokenOf } from '../template/macro-names.js';
import { parseNanos } from '../money/money.js';
import type { RateLookup } from '../money/rates.js';
import type { ConversionState, Mark } from '../settings.js';

/** Which deliveries a change of a conversion owes, to whom, and when it owes none, why. */

/** Not owed at all: counted, but no row is made of it. */
type UnmatchedReason = 'no_destination' | 'suppressed' | 'status' | 'event' | 'mark' | 'share' | 'amount';

/** Owed, but it cannot be sent as things are: kept as a parked delivery with this reason, so that
 *  it is seen, and sent by a replay once its cause is repaired. */
export type UnsendableReason =
  'external_id_missing' | 'external_id_macro' | 'value_unknown' | 'currency_unknown' | 'rate_unknown' | 'too_old';

/** Reasons of a delivery that would give the ad network nothing new. It is kept as superseded with
 *  this reason, so that people see it. */
export const needlessReasons = ['nothing_to_reverse', 'nothing_to_restate', 'already_told'] as const;
export type NeedlessReason = (typeof needlessReasons)[number];

export type DeliveryDecision =
  | { kind: 'unmatched'; reason: UnmatchedReason }
  | { kind: 'owed'; delivery: OwedDelivery; unsendable: UnsendableReason | null };

export type OwedDelivery = {
  /** Derived from its content, so that making it twice is harmless. It is sent along, so that the
   *  receiver can recognise a repetition (P6). */
  id: string;
  conversionId: string;
  destinationKey: string;
  /** The state of the conversion that caused it. */
  cause: ConversionState;
  /** What makes it the same delivery: `first`, the state (`approved`, and `approved:2` once it
   *  came back after a reversal), or the revision, by the destination's frequency. */
  once: string;
  revision: number;
  /** It restates what an earlier delivery says, so it goes behind that one and never
   *  takes its place. */
  follows?: boolean;
};

/** A campaign's own destination takes the place of its source's; both are never sent (two calls
 *  for one conversion would be counted twice by the ad network). */
export const chosenDestination = <Settings>(
  campaign: { key: string; destination: Settings | null } | undefined,
  source: { key: string; destination: Settings | null } | undefined,
): { key: string; settings: Settings } | null => {
  if (campaign?.destination) return { key: `campaign:${campaign.key}`, settings: campaign.destination };
  if (source?.destination) return { key: `source:${source.key}`, settings: source.destination };
  return null;
};

/** The place of a conversion between 0 (inclusive) and 100 (exclusive): always the same for the
 *  same conversion, so that a share can be audited and a retry or replay falls on the same side.
 *  The first 32 bits of SHA-256 of its id. */
export const shareOf = (conversionId: string): number =>
  (hash('sha256', conversionId, 'buffer').readUInt32BE(0) / 2 ** 32) * 100;

const variants = '89ab';

/** Version 8 (RFC 9562: made by a rule of our own) and the variant's bits. On text: bytes take
 *  twice as long. */
const uuidOf = (text: string): string => {
  const hex = hash('sha256', text, 'hex');
  const variant = variants[Number.parseInt(hex.charAt(16), 16) & 3] ?? '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const deliveryIdOf = (conversionId: string, destinationKey: string, once: string): string =>
  uuidOf(`delivery:${conversionId}:${destinationKey}:${once}`);

/** A state counts again after the conversion came back: an ad network that received a reversal
 *  receives the sale again. The count comes with the change, so every reading derives the same id.
 */
export const stateOnce = ({ state, restored }: Pick<ConversionFacts, 'state' | 'restored'>): string =>
  restored === 0 ? state : `${state}:${restored + 1}`;

const onceOfRevision = 'revision:';
/** A restatement, where the destination does not receive every change. */
export const isOfOneRevision = ({ once }: Pick<OwedDelivery, 'once'>): boolean => once.startsWith(onceOfRevision);

/** `first` is about the destination's own template: a template for reversals is used for each. */
const onceOf = ({ rules }: Destination, facts: ConversionFacts): string => {
  const kind = templateKindFor(rules, facts);
  if (kind === 'onRestatement' || rules.frequency === 'change') return `${onceOfRevision}${facts.revision}`;
  return rules.frequency === 'first' && kind === 'main' ? 'first' : stateOnce(facts);
};

/** A destination with a template for reversals wants reversals, listed or not; a rejection only if
 *  it received the pending one. */
const wantsStatus = ({ rules }: Destination, state: ConversionState): boolean => {
  const { statuses } = rules.when;
  if (statuses.includes(state)) return true;
  if (!rules.onReversal) return false;
  return state === 'reversed' || (state === 'rejected' && statuses.includes('pending'));
};

/** In any case of letters: networks write `FTD`, we keep `ftd`, and a filter that never fits is
 *  silent. */
const hasEvent = (events: readonly string[], event: string): boolean =>
  events.some((each) => each.toLowerCase() === event.toLowerCase());

/** Whether its amount is below the minimum, in the currency the destination counts in. An unknown
 *  amount is not below it: that delivery is kept as unsendable. */
const isBelow = (
  { rules: { when, valueCurrency } }: Pick<Destination, 'rules'>,
  facts: ConversionFacts,
  rates: RateLookup,
): boolean => {
  if (when.minAmount === null) return false;
  const { value } = valueFor({ valueScale: '1', valueCurrency }, facts, rates);
  return value !== null && (parseNanos(value) ?? 0n) < (parseNanos(when.minAmount) ?? 0n);
};

/** Marks that say why something is so, and keep nothing from being sent by themselves. */
const informs: readonly Mark[] = ['money_unknown', 'rate_unknown'];

const unmatched = (destination: Destination, facts: ConversionFacts, rates: RateLookup): UnmatchedReason | null => {
  const { when, sharePercent } = destination.rules;
  if (facts.suppressDelivery) return 'suppressed';
  if (!wantsStatus(destination, facts.state)) return 'status';
  if (when.events.length > 0 && !hasEvent(when.events, facts.event ?? '')) return 'event';
  if (facts.marks.some((mark) => !informs.includes(mark) && !when.marks.includes(mark))) return 'mark';
  if (sharePercent < 100 && shareOf(facts.conversionId) >= sharePercent) return 'share';
  // A reversal is sent whatever its amount: the ad network has to take back what it received
  // before. So is a restatement, which is put to the question when it is known what was sent.
  const corrects = isReversal(facts.state) || templateKindFor(destination.rules, facts) === 'onRestatement';
  return !corrects && isBelow(destination, facts, rates) ? 'amount' : null;
};

/** What a template cannot do without. `names`: used at least once without a `default` or an
 *  `omit`, and the currency of an amount in its smallest unit. `oneOf`: the names of each group of
 *  `omit:<group>`, of which one at least must be there. */
type Needs = { names: ReadonlySet<string>; oneOf: readonly (readonly string[])[] };
const known = new WeakMap<CompiledRequest, Needs>();
const needsOf = (template: CompiledRequest): Needs => {
  const before = known.get(template);
  if (before) return before;
  const bare = template.macros.filter(
    ({ filters }) => !filters.some(({ name }) => name === 'default' || name === 'omit'),
  );
  const groups = Map.groupBy(template.macros, ({ filters }) => omissionOf(filters)?.group ?? null);
  groups.delete(null);
  const needs = {
    // {fbc} is left out where Meta would refuse it, but only a click of Meta's is reported there.
    names: new Set([
      ...bare.flatMap((use) => [use.name, currencyMacroOf(use) ?? use.name]),
      ...template.macros.flatMap(({ name }) => (name === 'fbc' ? ['click_id'] : [])),
    ]),
    oneOf: [...groups.values()].map((uses) => uses.map((use) => use.name)),
  };
  known.set(template, needs);
  return needs;
};

const lacksClick = ({ names, oneOf }: Needs, { externalId, tokens }: ConversionFacts): boolean => {
  if (externalId !== null) return false;
  const isThere = (name: string) => Boolean(tokenOf(tokens, name));
  return names.has('click_id') || names.has('external_id') || oneOf.some((group) => !group.some(isThere));
};

/** Whether a reversal takes back something that this destination wants to receive. Where it does
 *  not (`statuses: ['rejected']`), the reversal is a report in its own right. */
const takesBack = ({ when: { statuses } }: Destination['rules'], state: ConversionState): boolean =>
  statuses.includes('pending') || (state === 'reversed' && statuses.includes('approved'));

/** Whether what is owed depends on what the ad network has received. A
 *  first word, and a state that is new, do not. */
export const dependsOnHistory = (
  { frequency }: Pick<DestinationRules, 'frequency'>,
  { state, previousState, restored }: Pick<ConversionFacts, 'state' | 'previousState' | 'restored'>,
): boolean => isReversal(state) || restored > 0 || previousState === state || frequency === 'first';

/** Whether there is something to restate: the sale is known to the ad network, by the state that
 *  it is in where each state is sent. */
const knowsWhatChanged = (
  { frequency }: Pick<DestinationRules, 'frequency'>,
  { state }: Pick<ConversionFacts, 'state'>,
  lastReceived: ConversionState | null,
): boolean => {
  if (lastReceived === null || isReversal(lastReceived)) return false;
  return frequency === 'first' || lastReceived === state || lastReceived === 'approved';
};

/** What a delivery says, given the last state of this conversion that the ad network has received
 *  or may have received (null: none): a sale of which it does not know is not restated to it but
 *  sent, whatever its amount was before. */
export const factsToSend = (
  rules: Pick<DestinationRules, 'frequency' | 'onReversal' | 'onRestatement'>,
  facts: ConversionFacts,
  lastReceived: ConversionState | null,
): ConversionFacts =>
  templateKindFor(rules, facts) === 'onRestatement' && !knowsWhatChanged(rules, facts, lastReceived)
    ? { ...facts, previousValue: null }
    : facts;

/** Whether the ad network would learn nothing from a delivery, given what it has received. It
 *  cannot take back what it never received, and counts twice what it receives twice. */
export const needlessReason = (
  { rules }: Pick<Destination, 'rules'>,
  facts: ConversionFacts,
  lastReceived: ConversionState | null,
  rates: RateLookup,
): NeedlessReason | null => {
  const takes = isReversal(facts.state) && takesBack(rules, facts.state);
  if (templateKindFor(rules, facts) === 'onRestatement')
    return !knowsWhatChanged(rules, facts, lastReceived) && isBelow({ rules }, facts, rates)
      ? 'nothing_to_restate'
      : null;
  if (lastReceived === null) return takes ? 'nothing_to_reverse' : null;
  if (rules.frequency === 'change') return null;
  if (takes && isReversal(lastReceived)) return 'already_told';
  if (rules.frequency === 'first') return templateKindFor(rules, facts) === 'main' ? 'already_told' : null;
  return lastReceived === facts.state ? 'already_told' : null;
};

/** Why a matched delivery cannot be sent now; asked again before each attempt, because it may grow
 *  too old while it waits. */
export const unsendable = (
  destination: Destination,
  facts: ConversionFacts,
  nowMs: number,
  rates: RateLookup,
): UnsendableReason | null => {
  const needs = needsOf(templateFor(destination, facts));
  const needed = needs.names;
  if (nowMs - facts.occurredAtMs > destination.rules.maxAgeDays * dayMs) return 'too_old';
  if (lacksClick(needs, facts))
    return facts.externalIdRaw === null || facts.externalIdRaw === '' ? 'external_id_missing' : 'external_id_macro';
  const needsValue = needed.has('value') || needed.has('conversion_value') || needed.has('payout');
  if (needsValue || needed.has('currency') || destination.rules.when.minAmount !== null) {
    const money = valueFor(destination.rules, facts, rates);
    if (money.missing !== null && (needsValue || destination.rules.when.minAmount !== null)) return money.missing;
    if (money.currency === null && needed.has('currency')) return 'currency_unknown';
  }
  if (facts.value === null && needed.has('amount')) return 'value_unknown';
  return facts.currency === null && needed.has('amount_currency') ? 'currency_unknown' : null;
};

export const decideDelivery = (
  destination: Destination,
  facts: ConversionFacts,
  nowMs: number,
  rates: RateLookup,
): DeliveryDecision => {
  const reason = unmatched(destination, facts, rates);
  if (reason) return { kind: 'unmatched', reason };
  const once = onceOf(destination, facts);
  const { conversionId, revision, state } = facts;
  const id = deliveryIdOf(conversionId, destination.key, once);
  const follows = templateKindFor(destination.rules, facts) === 'onRestatement';
  const delivery = { id, conversionId, destinationKey: destination.key, cause: state, once, revision, follows };
  return { kind: 'owed', delivery, unsendable: unsendable(destination, facts, nowMs, rates) };
};
