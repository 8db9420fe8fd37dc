import type { AnswerRules } from './attempt.js';
import {
  compileRequest,
  type CompiledRequest,
  type HmacSigning,
  type RequestTemplate,
} from './destination-template.js';
import { metaClickOf } from './meta-click.js';
import { ownText, secretNameOf, tokenOf, type DestinationMacro } from '../template/macro-names.js';
import type { MacroLookup } from '../template/macro.js';
import { formatNanos, parseNanos, scaleNanos } from '../money/money.js';
import { convertNanos, type RateLookup } from '../money/rates.js';
import type { ConversionState, DeliveryFrequency, Mark } from '../settings.js';

/** A destination as rules see it; the catalog's settings have this shape. */
export type DestinationRules = RequestTemplate &
  AnswerRules & {
    when: { statuses: ConversionState[]; events: string[]; minAmount: string | null; marks: Mark[] };
    frequency: DeliveryFrequency;
    valueScale: string;
    valueCurrency: string | null;
    sharePercent: number;
    signing: HmacSigning | { kind: 'standard-webhooks'; secrets: string[] } | null;
    /** The values of `{secret.<name>}`. */
    secrets: Record<string, string>;
    maxAgeDays: number;
    onReversal: RequestTemplate | null;
    onRestatement: RequestTemplate | null;
  };

/** What a change of a conversion says, as far as a destination is concerned. */
export type ConversionFacts = {
  conversionId: string;
  revision: number;
  networkKey: string;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  clickId: string | null;
  clickedAtMs: number | null;
  externalId: string | null;
  externalIdRaw: string | null;
  tokens: Record<string, string>;
  visitor: { ip: string | null; userAgent: string | null } | null;
  event: string | null;
  transactionId: string | null;
  state: ConversionState;
  previousState: ConversionState | null;
  previousValue: string | null;
  /** How often it came back after a rejection or reversal. */
  restored: number;
  marks: Mark[];
  currency: string | null;
  value: string | null;
  occurredAtMs: number;
  suppressDelivery: boolean;
};

export type Destination = {
  /** `source:<key>` or `campaign:<key>`. */
  key: string;
  rules: DestinationRules;
  main: CompiledRequest;
  onReversal: CompiledRequest | null;
  onRestatement: CompiledRequest | null;
};

/** Compiles a destination's templates. Throws `TemplateError`: one that could be saved compiles,
 *  so this means that a catalog was written past the API. */
export const compileDestination = (key: string, rules: DestinationRules): Destination => {
  const signing = rules.signing?.kind === 'hmac' ? rules.signing : null;
  const names = { tokens: null, secrets: Object.keys(rules.secrets) };
  return {
    key,
    rules,
    main: compileRequest(rules, signing, names),
    onReversal: rules.onReversal && compileRequest(rules.onReversal, signing, names),
    onRestatement: rules.onRestatement && compileRequest(rules.onRestatement, signing, names),
  };
};

export const isReversal = (state: ConversionState): boolean => state === 'rejected' || state === 'reversed';

type Course = Pick<ConversionFacts, 'state' | 'previousState' | 'value' | 'previousValue'>;

/** The amount changed and the state did not. If the money was unknown before, nothing can have been
 *  sent yet, so it is no restatement. Facts that an earlier version stored lack the previous
 *  value. */
const isRestatement = ({ state, previousState, value, previousValue }: Course): boolean =>
  !isReversal(state) && state === previousState && value !== null && (previousValue ?? value) !== value;

/** Which of a destination's templates is used. */
export const templateKindFor = (
  rules: Pick<DestinationRules, 'onReversal' | 'onRestatement'>,
  course: Course,
): 'main' | 'onReversal' | 'onRestatement' => {
  if (rules.onReversal && isReversal(course.state)) return 'onReversal';
  return rules.onRestatement && isRestatement(course) ? 'onRestatement' : 'main';
};

export const templateFor = (destination: Destination, facts: ConversionFacts): CompiledRequest =>
  destination[templateKindFor(destination.rules, facts)] ?? destination.main;

/** The conversion's money as this destination counts it: scaled, and in its currency. Null when it
 *  is unknown (P5) or there is no rate. */
export const valueFor = (
  { valueScale, valueCurrency }: Pick<DestinationRules, 'valueScale' | 'valueCurrency'>,
  { value, currency, occurredAtMs }: Pick<ConversionFacts, 'value' | 'currency' | 'occurredAtMs'>,
  rates: RateLookup,
): {
  value: string | null;
  currency: string | null;
  missing: 'value_unknown' | 'currency_unknown' | 'rate_unknown' | null;
} => {
  // What most destinations receive, as it is: no arithmetic in the path of every call.
  if (value !== null && valueScale === '1' && (valueCurrency === null || valueCurrency === currency))
    return { value, currency, missing: null };
  const nanos = value === null ? null : parseNanos(value);
  if (nanos === null) return { value: null, currency: valueCurrency ?? currency, missing: 'value_unknown' };
  const scaled = scaleNanos(nanos, parseNanos(valueScale) ?? 0n);
  if (valueCurrency === null || valueCurrency === currency)
    return { value: formatNanos(scaled), currency, missing: null };
  if (currency === null) return { value: null, currency: valueCurrency, missing: 'currency_unknown' };
  const converted = convertNanos(scaled, currency, valueCurrency, (each) => rates(each, occurredAtMs));
  if (converted === null) return { value: null, currency: valueCurrency, missing: 'rate_unknown' };
  return { value: formatNanos(converted), currency: valueCurrency, missing: null };
};

type RenderContext = { deliveryId: string; nowMs: number; rates: RateLookup };

/** What a macro is asked of: one call. */
type Call = { facts: ConversionFacts; deliveryId: string; nowMs: number; money: () => ReturnType<typeof valueFor> };

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Never before its click. A network that states days only, or another zone's clock, would have
 *  every sale of the day refused: ad networks take no conversion that precedes what they were paid
 *  for. The same at every call of a conversion, because a retraction may name it. */
const reportedTimeOf = ({ occurredAtMs, clickedAtMs }: ConversionFacts): number =>
  clickedAtMs === null ? occurredAtMs : Math.max(occurredAtMs, clickedAtMs);

const readers: Record<Exclude<DestinationMacro, 'signature'>, (of: Call) => string | null> = {
  click_id: ({ facts }) => facts.externalId,
  external_id: ({ facts }) => facts.externalId,
  carom_click_id: ({ facts }) => facts.clickId,
  value: ({ money }) => money().value,
  conversion_value: ({ money }) => money().value,
  payout: ({ money }) => money().value,
  currency: ({ money }) => money().currency,
  amount: ({ facts }) => facts.value,
  amount_currency: ({ facts }) => facts.currency,
  transaction_id: ({ facts }) => facts.transactionId,
  status: ({ facts }) => facts.state,
  previous_status: ({ facts }) => facts.previousState,
  event: ({ facts }) => facts.event,
  campaign: ({ facts }) => facts.campaignKey,
  offer: ({ facts }) => facts.offerKey,
  source: ({ facts }) => facts.sourceKey,
  network: ({ facts }) => facts.networkKey,
  time: ({ facts }) => timeOf(reportedTimeOf(facts)),
  click_time: ({ facts }) => timeOf(facts.clickedAtMs),
  fbc: ({ facts }) => metaClickOf(facts.externalId, facts.clickedAtMs, reportedTimeOf(facts)),
  now: ({ nowMs }) => timeOf(nowMs),
  delivery_id: ({ deliveryId }) => deliveryId,
  conversion_id: ({ facts }) => facts.conversionId,
  ip: ({ facts }) => facts.visitor?.ip ?? null,
  user_agent: ({ facts }) => facts.visitor?.userAgent ?? null,
};

/** The value of each macro in one call. Values that are not there are null and render as
 *  nothing. Each is worked out only when it is asked for: most templates use four of them, and
 *  this runs for every call. */
export const destinationLookup = (
  destination: Pick<Destination, 'rules'>,
  facts: ConversionFacts,
  { deliveryId, nowMs, rates }: RenderContext,
): MacroLookup => {
  let known: ReturnType<typeof valueFor> | null = null;
  const money = () => (known ??= valueFor(destination.rules, facts, rates));
  const of: Call = { facts, deliveryId, nowMs, money };
  return (name) => {
    if (name.startsWith('token.')) return tokenOf(facts.tokens, name);
    const secret = secretNameOf(name);
    if (secret !== null) return ownText(destination.rules.secrets, secret);
    return Object.hasOwn(readers, name) ? readers[name as 'value'](of) : null;
  };
};
