import { dayMs } from '../calendar.js';
import type { OwnClickId } from '../click-id/click-id.js';
import type { ConversionRules } from './fold-state.js';
import type { Attribution } from './conversion-set.js';
import { identityOf, partsOf } from './identity.js';
import { asksForProof } from './proof.js';
import { stateTime, type StatedTime, type TimeProblem } from './stated-time.js';
import { payoutOf, type PayoutRule } from '../money/payout.js';
import { wantsProof, type CallerSecurity } from '../reading/caller.js';
import type { RefusalCode } from '../reading/refusal.js';
import type { Report } from './report.js';
import type { ConversionState, DuplicateMode, FieldName, IdentityRule, StatusMeaning, TimeOf } from '../settings.js';

/** Which click, which network, which identity: what a postback is about, before the rules say what
 *  it does. */

/** The part of a network's settings that attribution and the rules go by. */
export type NetworkRules = {
  key: string;
  identity: IdentityRule;
  duplicates: DuplicateMode;
  events: Record<string, { identity?: IdentityRule; duplicates?: DuplicateMode }>;
  defaultStatus: ConversionState;
  defaultCurrency: string | null;
  reopens: boolean;
  locksOnApproval: boolean;
  timeOf: TimeOf;
  timeZone: string;
  security: CallerSecurity;
};

export type OfferRules = {
  networkKey: string;
  payout: PayoutRule;
  windowDays: number;
  minSeconds: number;
  holdDays: number | null;
};

/** A click as its record has it, or as its id alone says (`from`). */
export type FoundClick = Omit<Attribution, 'windowMs' | 'minMs' | 'holdMs'> & { networkKey: string };

type Fields = Record<FieldName, { value: string | null; raw: string } | null>;

/** A postback as far as attribution looks into it. `waitedMs`: since attribution first saw it, not
 *  since it came in: after an outage a postback may be old while its click is only behind it in the
 *  backlog. */
export type Call = {
  id: string;
  receivedAtMs: number;
  waitedMs: number;
  networkKey: string | null;
  authenticatedBy: 'token' | 'drop-in' | 'click' | 'operator' | 'none';
  /** Whether anything shows that it comes from its network. */
  proven: boolean;
  fields: Fields;
  test: boolean;
  suppressDelivery: boolean;
};

/** What can be known by looking: all of it is in memory when a call is resolved. */
export type Knowledge = {
  recognise: (text: string) => OwnClickId | null;
  click: (clickId: string) => FoundClick | undefined;
  /** The click that one of our ids describes by itself, through the catalog's numbers. */
  clickInside: (own: OwnClickId) => FoundClick | undefined;
  /** Which networks and clicks have a conversion with this transaction id, and whether a proven
   *  call made it. */
  transactions: (transactionId: string) => readonly KnownTransaction[];
  network: (key: string) => NetworkRules | undefined;
  offer: (key: string) => OfferRules | undefined;
};

export type KnownTransaction = { networkKey: string; clickId: string | null; proven: boolean };

/** How long a postback waits. After `creditAfterMs` a click whose record has not come is taken from
 *  its id; at once if it is older than `clicksKeptMs`, because its record is deleted by then. After
 *  `expireAfterMs` the waiting ends in a refusal. */
export type Patience = { creditAfterMs: number; clicksKeptMs: number; expireAfterMs: number };

export type Resolved = {
  kind: 'conversion';
  network: NetworkRules;
  rule: IdentityRule;
  identity: string;
  /** Those that the identity holds; else the report has them. */
  event: string | null;
  transactionId: string | null;
  rules: ConversionRules;
  clickId: string;
  /** Null: the click's record is deleted and its id describes nothing. The existing conversion says
   *  what it is credited to. */
  attribution: Attribution | null;
  report: Report;
  /** What attribution found wrong with the call and applied all the same. */
  problems: TimeProblem[];
};
export type Resolution =
  | Resolved
  | { kind: 'refused'; code: RefusalCode; networkKey: string | null }
  | {
      kind: 'orphan';
      clickId: string | null;
      clickedAtMs: number | null;
      transactionId: string | null;
      networkKey: string | null;
    }
  /** The network has become known only now: the call has to be read in its dialect and resolved
   *  again. */
  | { kind: 'reread'; network: NetworkRules };

/** Less than the sum of the first looks at an orphan, so that the fourth of them decides. */
const catalogLagMs = 20_000;
const valueOf = (fields: Fields, name: FieldName): string | null => fields[name]?.value ?? null;

type Trace =
  | {
      kind: 'click';
      clickId: string;
      /** Whether the call itself names the click; else the ledger does, and the call says nothing
       *  of it. */
      isNamed: boolean;
      click: FoundClick | null;
      networkKey: string | null;
      transactionId: string | null;
    }
  | Exclude<Resolution, Resolved>;

/** By the click id: its record; else, when it has been waited for long enough, what the id itself
 *  says. */
const traceClick = (call: Call, clickId: string, knows: Knowledge, patience: Patience): Trace => {
  const own = knows.recognise(clickId);
  const id = own?.id ?? clickId;
  const transactionId = valueOf(call.fields, 'reversalOf') ?? valueOf(call.fields, 'transactionId');
  const found = knows.click(id);
  const tooOldToCome = own !== null && call.receivedAtMs - own.atMs > patience.clicksKeptMs;
  const inside = own && (tooOldToCome || call.waitedMs >= patience.creditAfterMs) ? knows.clickInside(own) : undefined;
  const click = found ?? inside;
  const networkKey = call.networkKey ?? click?.networkKey ?? null;
  if (click) return { kind: 'click', clickId: id, isNamed: true, click, networkKey, transactionId };
  if (call.waitedMs >= patience.expireAfterMs) return { kind: 'refused', code: 'click_unknown', networkKey };
  return { kind: 'orphan', clickId: id, clickedAtMs: own?.atMs ?? null, transactionId: null, networkKey };
};

/** The clicks that conversions with this id belong to. Where calls without proof named others,
 *  those of proven calls count alone, so that a stranger cannot make an id ambiguous. */
const clicksOf = (known: readonly KnownTransaction[]): Set<string> => {
  const proven = known.filter((each) => each.proven);
  const counting = proven.length > 0 ? proven : known;
  return new Set(counting.flatMap((each) => (each.clickId === null ? [] : [each.clickId])));
};

/** By a transaction id alone: through the ledger, then as an id of an imported click, else it
 *  waits. Without proof it does not wait: such a call must name its click. */
const traceTransaction = (call: Call, transactionId: string, knows: Knowledge, patience: Patience): Trace => {
  const { networkKey } = call;
  const known = knows
    .transactions(transactionId)
    .filter((each) => networkKey === null || each.networkKey === networkKey);
  const networks = new Set(known.map((each) => each.networkKey));
  const clicks = clicksOf(known);
  if (networks.size > 1) return { kind: 'refused', code: 'network_ambiguous', networkKey };
  if (clicks.size > 1) return { kind: 'refused', code: 'transaction_ambiguous', networkKey };
  const [only] = clicks;
  if (only !== undefined) {
    const own = knows.recognise(only);
    const click = knows.click(only) ?? (own && knows.clickInside(own)) ?? null;
    const networkOfIt = known[0]?.networkKey ?? null;
    return { kind: 'click', clickId: only, isNamed: false, click, networkKey: networkOfIt, transactionId };
  }
  const echoed = knows.click(transactionId);
  if (echoed && (networkKey === null || echoed.networkKey === networkKey))
    return {
      kind: 'click',
      clickId: transactionId,
      isNamed: true,
      click: echoed,
      networkKey: echoed.networkKey,
      transactionId: null,
    };
  if (!call.proven) return { kind: 'refused', code: 'proof_required', networkKey };
  if (call.waitedMs >= patience.expireAfterMs) return { kind: 'refused', code: 'transaction_unknown', networkKey };
  return { kind: 'orphan', clickId: null, clickedAtMs: null, transactionId, networkKey };
};

const attributionOf = ({ networkKey: _, ...click }: FoundClick, offer: OfferRules | undefined): Attribution => ({
  ...click,
  windowMs: (offer?.windowDays ?? 30) * dayMs,
  minMs: (offer?.minSeconds ?? 0) * 1000,
  holdMs: offer?.holdDays == null ? null : offer.holdDays * dayMs,
});

/** A status that is missing is the network's default; of a call that names what it reverses it is a
 *  reversal. */
const stateOf = (fields: Fields, network: NetworkRules): ConversionState => {
  const said = valueOf(fields, 'status') as StatusMeaning | null;
  if (said !== null && said !== 'ignored' && said !== 'test') return said;
  return valueOf(fields, 'reversalOf') !== null && said === null ? 'reversed' : network.defaultStatus;
};

/** What the call states about its time. Without proof it dates the conversion and orders
 *  nothing. */
const timesOf = (call: Call, network: NetworkRules, clickedAtMs: number | null): StatedTime => {
  const field = call.fields.occurredAt;
  const stated = field?.value == null ? null : { atMs: Date.parse(field.value), raw: field.raw };
  const orders = call.proven && network.timeOf === 'event';
  return stateTime(stated, { receivedAtMs: call.receivedAtMs, clickedAtMs, timeZone: network.timeZone, orders });
};

const reportOf = (
  call: Call,
  network: NetworkRules,
  offer: OfferRules | undefined,
  times: StatedTime,
  { clickId, event, transactionId }: Pick<Report, 'clickId' | 'event' | 'transactionId'>,
): Report => {
  const { fields } = call;
  const { amount, saleAmount, currency } = fields;
  return {
    causeId: call.id,
    atMs: times.atMs,
    stated: times.stated,
    receivedAtMs: call.receivedAtMs,
    occurredAtMs: times.occurredAtMs,
    proven: call.proven,
    state: stateOf(fields, network),
    ...payoutOf(offer?.payout ?? null, { amount, saleAmount, currency }),
    refundId: valueOf(fields, 'reversalOf') === null ? null : valueOf(fields, 'transactionId'),
    lineId: valueOf(fields, 'lineId'),
    clickId,
    event,
    transactionId,
    test: call.test || valueOf(fields, 'status') === 'test',
    byRule: false,
  };
};

/** Whether ingest only guessed whose call it is: the network was the one that has the drop-in path
 *  switched on, and wants no proof. The click knows better, and its network may want proof of its
 *  callers. */
const guessed = (call: Call, click: FoundClick | null, knows: Knowledge): boolean => {
  if (call.authenticatedBy !== 'drop-in' || call.networkKey === null || !click) return false;
  const security = knows.network(call.networkKey)?.security;
  return click.networkKey !== call.networkKey && (!security || !wantsProof(security));
};

const traceOf = (call: Call, knows: Knowledge, patience: Patience): Trace => {
  const clickId = valueOf(call.fields, 'clickId');
  const transactionId = valueOf(call.fields, 'reversalOf') ?? valueOf(call.fields, 'transactionId');
  if (clickId !== null) return traceClick(call, clickId, knows, patience);
  if (transactionId !== null) return traceTransaction(call, transactionId, knows, patience);
  return { kind: 'refused', code: 'nothing_to_identify', networkKey: call.networkKey };
};

const isOfferMissing = (click: FoundClick | null, knows: Knowledge): boolean =>
  click !== null && click.offerKey !== null && knows.offer(click.offerKey) === undefined;

/** A report on a click of another network's offer, now and when the visitor clicked. */
const isOfOtherNetwork = (click: FoundClick, networkKey: string, knows: Knowledge): boolean =>
  click.networkKey !== networkKey &&
  (click.offerKey === null || knows.offer(click.offerKey)?.networkKey !== networkKey);

/** A reversal that names a sale by its id waits until that sale is known. */
const waitsForSale = (
  call: Call,
  networkKey: string,
  knows: Knowledge,
  patience: Patience,
): Exclude<Resolution, Resolved> | null => {
  const sale = valueOf(call.fields, 'reversalOf');
  if (sale === null || knows.transactions(sale).some((known) => known.networkKey === networkKey)) return null;
  if (call.waitedMs >= patience.expireAfterMs) return { kind: 'refused', code: 'transaction_unknown', networkKey };
  return { kind: 'orphan', clickId: null, clickedAtMs: null, transactionId: sale, networkKey };
};

/** What the call says of its status refuses it, or null. */
const statusRefusal = ({ status }: Fields): RefusalCode | null => {
  if (status?.value === 'ignored') return 'status_ignored';
  return status && status.value === null ? 'status_unmapped' : null;
};

/** Resolves one call. Pure: the same call with the same knowledge gives the same answer, so a
 *  redelivery and a replay do too. */
export const resolveCall = (call: Call, knows: Knowledge, patience: Patience): Resolution => {
  const trace = traceOf(call, knows, patience);
  if (trace.kind !== 'click') return trace;

  const isGuess = guessed(call, trace.click, knows);
  const networkKey = isGuess ? (trace.click?.networkKey ?? null) : trace.networkKey;
  const network = networkKey === null ? undefined : knows.network(networkKey);
  // The catalog may reach ingest a moment before it reaches us.
  const mayCome = call.waitedMs < catalogLagMs;
  const later = { kind: 'orphan', clickId: trace.clickId, clickedAtMs: null, transactionId: null } as const;
  if (!network && mayCome) return { ...later, networkKey: call.networkKey };
  if (!network || networkKey === null) return { kind: 'refused', code: 'network_unknown', networkKey };
  // Ingest could not judge the caller of a call whose network it did not know.
  const { requireToken } = network.security;
  if (
    call.authenticatedBy === 'none' || isGuess
      ? wantsProof(network.security)
      : requireToken && call.authenticatedBy === 'click'
  )
    return { kind: 'refused', code: 'token_required', networkKey };
  if (call.networkKey === null || isGuess) return { kind: 'reread', network };
  const status = statusRefusal(call.fields);
  if (status !== null) return { kind: 'refused', code: status, networkKey };
  // Without its offer a call would be paid by what it says, and not by the offer's payout.
  if (isOfferMissing(trace.click, knows) && mayCome) return { ...later, networkKey };
  if (trace.click && isOfOtherNetwork(trace.click, networkKey, knows))
    return { kind: 'refused', code: 'click_of_other_network', networkKey };
  const waiting = call.proven ? waitsForSale(call, networkKey, knows, patience) : null;
  if (waiting) return waiting;
  return judgedByProof(call, conversionOf(call, trace, network, knows));
};

/** A call without proof that asks for more than to open or confirm a conversion is refused before
 *  any conversion is looked at. */
const judgedByProof = (call: Call, resolved: Resolved): Resolution => {
  if (call.proven) return resolved;
  const { report, network } = resolved;
  const asks = asksForProof({
    state: report.state,
    amountNanos: report.amountNanos,
    namesClick: report.clickId !== null,
    reversesOther: valueOf(call.fields, 'reversalOf') !== null,
    test: report.test,
    suppressDelivery: call.suppressDelivery,
  });
  return asks ? { kind: 'refused', code: 'proof_required', networkKey: network.key } : resolved;
};

/** Which conversion of its network a call is about, and what it says about it. */
const conversionOf = (
  call: Call,
  { click, clickId, isNamed, transactionId }: Extract<Trace, { kind: 'click' }>,
  network: NetworkRules,
  knows: Knowledge,
): Resolved => {
  const offer = click?.offerKey == null ? undefined : knows.offer(click.offerKey);
  const event = valueOf(call.fields, 'event');
  const own = event === null ? undefined : network.events[event];
  const parts = { networkKey: network.key, clickId, transactionId, event };
  const rule = own?.identity ?? network.identity;
  const within = partsOf(rule, transactionId);
  const times = timesOf(call, network, click?.clickedAtMs ?? null);
  return {
    kind: 'conversion',
    network,
    rule,
    identity: identityOf(rule, parts),
    event: within.event ? event : null,
    transactionId: within.transaction ? transactionId : null,
    rules: rulesOf(network, within.event ? (own?.duplicates ?? network.duplicates) : null),
    clickId,
    attribution: click ? attributionOf(click, offer) : null,
    problems: times.problems,
    report: reportOf(call, network, offer, times, {
      clickId: isNamed ? clickId : null,
      event: within.event ? null : event,
      transactionId: within.transaction ? null : transactionId,
    }),
  };
};

/** The rules of a conversion: with the event's own mode where the identity holds the event, else
 *  with those of all events, because then reports of several events meet in one conversion and each
 *  goes by its own, whichever came first (P4). */
const rulesOf = (network: NetworkRules, ownMode: DuplicateMode | null): ConversionRules => {
  const modes = Object.entries(network.events).flatMap(([event, { duplicates }]) =>
    duplicates === undefined ? [] : [[event, duplicates] as const],
  );
  return {
    duplicates: ownMode ?? network.duplicates,
    ...(ownMode === null && modes.length > 0 ? { eventDuplicates: Object.fromEntries(modes) } : {}),
    reopens: network.reopens,
    locksOnApproval: network.locksOnApproval,
    defaultCurrency: network.defaultCurrency,
  };
};
