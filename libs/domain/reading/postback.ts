import { readAmount } from '../money/amount.js';
import { hasClickIdForm, type OwnClickId } from '../click-id/click-id.js';
import { hasNoDecimals, minorUnitDigits, readCurrency, type CurrencyReading } from '../money/currency.js';
import { doubtfulAmountNames, indexNames, type Dialect } from './dialect.js';
import { isEmptyWord, isNoId, isUnreplacedMacro, withoutMacros } from './unreplaced-macro.js';
import { innerParameters } from './call/json.js';
import { addProblem, type Parameter, type Parameters, type ReadingProblem } from './call/parameter.js';
import type { ProblemCode } from './call/reading-problem.js';
import { readParameters, type InboundCall } from './call/parameters.js';
import { findOwnClicks, isOnlyClickId, type OwnClicks, type RecogniseClickId } from './own-clicks.js';
import { isSkadnetwork } from './skadnetwork.js';
import { foremostRefusal, type RefusalCode } from './refusal.js';
import { fieldNames, type FieldName } from '../settings.js';
import { readEvent, readStatus } from './status.js';
import { queryOf } from './call/target.js';
import { safeText, type Safe, type SafeText } from './call/text.js';
import { readTime } from './time.js';

/** Reads what a network says in a call. Pure and total: any bytes give a reading, and the same call
 *  with the same dialect gives the same one, so attribution and replay can read a stored call
 *  again. Defaults of the network are not filled in here: what the call does not say is null. */

/** What was read of one field. `value` null: the field was sent and could not be read. */
type FieldReading = { value: string | null; param: string; raw: string };
export type PostbackReading = Record<FieldName, FieldReading | null>;

export type ReadResult = {
  read: Safe<PostbackReading>;
  /** What one of our own click ids says by itself. */
  ownClick: OwnClickId | null;
  problems: { code: ProblemCode; param: SafeText | null }[];
  /** The foremost refusal that the reading alone gives. Those of stage `later` hold only under the
   *  network's own dialect. */
  refusal: RefusalCode | null;
  test: boolean;
  suppressDelivery: boolean;
};

const maxLengthOf: Partial<Record<FieldName, number>> = {
  clickId: 200,
  transactionId: 500,
  reversalOf: 500,
  lineId: 200,
  event: 100,
};
/** Longer than any value that is read. */
const maxValueLength = 500;
/** Words, times and currencies are cut here before they are read. */
const maxWordLength = 500;
const maxRawLength = 2_000;
const maxNameLength = 200;
const idFields = new Set<FieldName>(['clickId', 'transactionId', 'reversalOf', 'lineId']);
const wordlessFields = new Set<FieldName>([
  'clickId',
  'transactionId',
  'reversalOf',
  'amount',
  'saleAmount',
  'currency',
]);
const switches = new Set(['1', 'true', 'yes', 'on']);

type SafeField = Safe<FieldReading>;

const fieldOf = (parameter: Parameter, value: string | null): SafeField => ({
  value: value === null ? null : safeText(value, maxValueLength),
  param: safeText(parameter.name, maxNameLength),
  raw: safeText(parameter.raw, maxRawLength),
});

const isMoney = (field: FieldName): boolean => field === 'amount' || field === 'saleAmount';
/** What is left of two joined amounts when neither was sent. */
const bareSeparators = /^[\s,;]+$/;

type Candidates = { best: Map<FieldName, { parameter: Parameter; rank: number }>; unreplacedId: boolean };

/** Why a value is no value, or null: it is one. */
const missingBecause = (
  parameter: Parameter,
  field: FieldName,
): 'empty' | 'placeholder_ignored' | 'macro_unreplaced' | null => {
  if (parameter.value.trim() === '' || (isMoney(field) && bareSeparators.test(parameter.value))) return 'empty';
  if (idFields.has(field) ? isNoId(parameter.value) : isEmptyWord(parameter.value)) return 'placeholder_ignored';
  const wordsToo = wordlessFields.has(field);
  return isUnreplacedMacro({ text: parameter.value, raw: parameter.raw, name: parameter.name }, wordsToo)
    ? 'macro_unreplaced'
    : null;
};

/** The first real value of each field, by the rank of its name, then by its place in the call. */
const chooseCandidates = (
  list: readonly Parameter[],
  dialect: Dialect,
  own: OwnClicks,
  problems: ReadingProblem[],
): Candidates => {
  const index = indexNames(dialect.params);
  const chosen: Candidates = { best: new Map(), unreplacedId: false };
  const consider = (given: Parameter): void => {
    const lower = given.name.toLowerCase();
    for (const { field, rank } of index.places.get(lower) ?? []) {
      let parameter = given;
      const holdsOurs = own.has(parameter);
      // Networks echo our click id under the name of a transaction id. Then it is the click id, and
      // no transaction id.
      if (field !== 'clickId' && holdsOurs && isOnlyClickId(parameter)) continue;
      const missing = field === 'clickId' && holdsOurs ? null : missingBecause(parameter, field);
      if (missing && missing !== 'empty') addProblem(problems, missing, parameter.name);
      if (missing === 'macro_unreplaced' && idFields.has(field)) chosen.unreplacedId = true;
      if (missing === 'macro_unreplaced' && isMoney(field))
        parameter = { ...parameter, value: withoutMacros(parameter.value) };
      if (missing && !(isMoney(field) && missing === 'macro_unreplaced' && /\d/.test(parameter.value))) continue;
      const held = chosen.best.get(field);
      if (!held || rank < held.rank) chosen.best.set(field, { parameter, rank });
    }
    if (index.nested.has(lower)) for (const inner of innerParameters(given)) consider(inner);
  };
  for (const parameter of list) consider(parameter);
  return chosen;
};

const payoutName = /^payout(?:_amount|_usd|_eur)?$/i;
const isFigure = ({ value }: Parameter): boolean => /\d/.test(value);

/** Where no setting names the amount: an `amount` beside a `payout` is most often coins, and the
 *  payout is meant. Names that may hold something else than the payout are never taken for it. Each
 *  candidate is named as a problem. */
const preferPayout = (
  best: Candidates['best'],
  list: readonly Parameter[],
  dialect: Dialect,
  problems: ReadingProblem[],
): void => {
  if (dialect.params.amount?.length) return;
  const held = best.get('amount');
  if (!held) {
    const taken = new Set([...best.values()].map(({ parameter }) => parameter));
    const doubtful = list.filter((each) => doubtfulAmountNames.includes(each.name.toLowerCase()));
    for (const each of doubtful)
      if (isFigure(each) && !taken.has(each)) addProblem(problems, 'amount_ambiguous_name', each.name);
    return;
  }
  const payout = list.find((each) => payoutName.test(each.name) && isFigure(each));
  if (held.parameter.name.toLowerCase() !== 'amount' || !payout) return;
  if (payout.value.trim() !== held.parameter.value.trim())
    addProblem(problems, 'amount_ambiguous_name', held.parameter.name);
  best.set('amount', { parameter: payout, rank: held.rank });
};

const readId = (parameter: Parameter | undefined, field: FieldName, problems: ReadingProblem[]): SafeField | null => {
  if (!parameter) return null;
  const value = parameter.value.trim();
  if (value.length <= (maxLengthOf[field] ?? Infinity)) return fieldOf(parameter, value);
  addProblem(problems, 'value_too_long', parameter.name);
  return fieldOf(parameter, null);
};

/** What two statements of a currency say together: the parameter's, and the one beside
 *  the amount (`$12`, `12 USD`). A sign of several currencies agrees with each of them; alone it
 *  takes the network's own, if that is one of them. Null: unknown (P5). */
const agreeOn = (
  readings: readonly CurrencyReading[],
  defaultCurrency: string | null,
): { code: string | null; problem: ProblemCode | null } => {
  if (readings.some((one) => 'problem' in one && one.problem === 'currency_unreadable'))
    return { code: null, problem: 'currency_unreadable' };
  const choices = readings.map((one) => ('code' in one ? [one.code] : 'among' in one ? one.among : []));
  const common = (choices[0] ?? []).filter((code) => choices.every((list) => list.includes(code)));
  const [only] = common;
  if (only === undefined) return { code: null, problem: 'currency_conflict' };
  if (common.length === 1) return { code: only, problem: null };
  if (defaultCurrency === null) return { code: null, problem: 'currency_ambiguous' };
  return common.includes(defaultCurrency)
    ? { code: defaultCurrency, problem: null }
    : { code: null, problem: 'currency_conflict' };
};

const readMoney = (
  amount: Parameter | undefined,
  currency: Parameter | undefined,
  dialect: Dialect,
  problems: ReadingProblem[],
): { amount: SafeField | null; currency: SafeField | null } => {
  const inName = amount && !currency ? /^payout_(usd|eur)$/i.exec(amount.name)?.[1] : undefined;
  const stated = currency
    ? [readCurrency(currency.value.slice(0, maxWordLength))]
    : inName
      ? [readCurrency(inName)]
      : [];
  const alone = agreeOn(stated, dialect.defaultCurrency);
  const jsonFormat = amount?.isJsonNumber && dialect.amountFormat !== 'minor' ? 'dot' : dialect.amountFormat;
  const minorDigits = minorUnitDigits(alone.code ?? dialect.defaultCurrency);
  const noDecimals = hasNoDecimals(alone.code ?? dialect.defaultCurrency);
  const found = amount ? readAmount(amount.value.trim(), jsonFormat, minorDigits, noDecimals) : null;
  if (amount && found?.problem) addProblem(problems, found.problem, amount.name);
  const amountField = amount ? fieldOf(amount, found?.value ?? null) : null;
  const beside = found && found.value !== null ? found.currency : null;
  const where = currency ?? amount;
  if (!where || (!currency && !beside && !inName)) return { amount: amountField, currency: null };
  const { code, problem } = beside ? agreeOn([...stated, beside], dialect.defaultCurrency) : alone;
  if (problem) addProblem(problems, problem, where.name);
  return { amount: amountField, currency: fieldOf(where, code) };
};

const readMoment = (
  parameter: Parameter | undefined,
  dialect: Dialect,
  problems: ReadingProblem[],
): SafeField | null => {
  if (!parameter) return null;
  const atMs = readTime(parameter.value.slice(0, maxWordLength), dialect.timeZone);
  if (atMs === null) addProblem(problems, 'time_unreadable', parameter.name);
  return fieldOf(parameter, atMs === null ? null : new Date(atMs).toISOString());
};

const readWords = (best: Candidates['best'], dialect: Dialect, problems: ReadingProblem[]) => {
  const statusParameter = best.get('status')?.parameter;
  const status = statusParameter
    ? fieldOf(statusParameter, readStatus(statusParameter.value.slice(0, maxWordLength), dialect.statusMap))
    : null;
  if (status && status.value === null) addProblem(problems, 'status_unmapped', status.param);
  const eventParameter = best.get('event')?.parameter;
  let event: SafeField | null = null;
  if (eventParameter) {
    const name = readEvent(eventParameter.value.slice(0, maxWordLength), dialect.eventMap);
    // `goal_id=0` is how several platforms say "no goal but the conversion itself".
    if (name !== '0') event = readId({ ...eventParameter, value: name }, 'event', problems);
  }
  return { status, event };
};

const readClick = (candidate: Parameter | undefined, own: OwnClicks, problems: ReadingProblem[]) => {
  const parameter = candidate && own.has(candidate) ? candidate : own.keys().next().value;
  const ownClick = parameter ? (own.get(parameter) ?? null) : null;
  if (parameter && ownClick) {
    if (!hasClickIdForm(parameter.value.trim())) addProblem(problems, 'click_id_mended', parameter.name);
    return { clickId: fieldOf(parameter, ownClick.id), ownClick, invalid: false };
  }
  if (!candidate || !hasClickIdForm(candidate.value.trim())) {
    return { clickId: readId(candidate, 'clickId', problems), ownClick: null, invalid: false };
  }
  addProblem(problems, 'click_id_invalid', candidate.name);
  return { clickId: fieldOf(candidate, null), ownClick: null, invalid: true };
};

/** A reversal with an id of its own that is the original's behind a prefix. */
const stripPrefix = (transactionId: SafeField | null, prefix: string | null): SafeField | null => {
  const value = transactionId?.value;
  if (!transactionId || !prefix || !value?.startsWith(prefix) || value.length === prefix.length) return null;
  return { ...transactionId, value: safeText(value.slice(prefix.length), maxValueLength) };
};

/** Reads parameters that are already taken apart. Ingest does it in two steps, to learn the network
 *  from the click id between. */
export const readFields = (parameters: Parameters, dialect: Dialect, own: OwnClicks): ReadResult => {
  const problems = [...parameters.problems];
  const { best, unreplacedId } = chooseCandidates(parameters.list, dialect, own, problems);
  preferPayout(best, parameters.list, dialect, problems);
  const parameterOf = (field: FieldName) => best.get(field)?.parameter;
  const { clickId, ownClick, invalid } = readClick(parameterOf('clickId'), own, problems);
  const transactionId = readId(parameterOf('transactionId'), 'transactionId', problems);
  const reversalOf =
    readId(parameterOf('reversalOf'), 'reversalOf', problems) ?? stripPrefix(transactionId, dialect.reversalPrefix);
  const read: Safe<PostbackReading> = {
    clickId,
    transactionId,
    ...readMoney(parameterOf('amount'), parameterOf('currency'), dialect, problems),
    ...readWords(best, dialect, problems),
    occurredAt: readMoment(parameterOf('occurredAt'), dialect, problems),
    reversalOf,
    lineId: readId(parameterOf('lineId'), 'lineId', problems),
    saleAmount: readMoney(parameterOf('saleAmount'), undefined, dialect, problems).amount,
  };
  const isOn = (...names: string[]) =>
    parameters.list.some(({ name, value }) => names.includes(name.toLowerCase()) && switches.has(value.toLowerCase()));
  const identified = [read.clickId, read.transactionId, read.reversalOf].some(
    (field) => field !== null && field.value !== null,
  );
  const holding: RefusalCode[] = [];
  // Each of several reports in one body has names with its place in front: unless the network's
  // settings name one, none is meant.
  const isList = problems.some(({ code }) => code === 'several_reports');
  if (isList && !parameterOf('clickId') && !transactionId) holding.push('several_reports');
  if (isSkadnetwork(parameters.list, dialect)) holding.push('skadnetwork_postback');
  if (!identified)
    holding.push(unreplacedId ? 'macro_unreplaced' : invalid ? 'click_id_invalid' : 'nothing_to_identify');
  if (read.status?.value === 'ignored') holding.push('status_ignored');
  if (read.status && read.status.value === null) holding.push('status_unmapped');
  return {
    read,
    ownClick,
    problems: problems.map(({ code, param }) => ({
      code,
      param: param === null ? null : safeText(param, maxNameLength),
    })),
    refusal: foremostRefusal(holding),
    test: read.status?.value === 'test' || isOn('test', 'is_test', 'test_mode'),
    suppressDelivery: isOn('disable_postback', 'suppress_delivery'),
  };
};

/** Reads a call under a network's dialect (`commonDialect` while the network is not known). Without
 *  `recognise` no click id is taken for one of ours: for trying out a dialect. */
export const readPostback = (
  call: InboundCall,
  dialect: Dialect,
  recognise: RecogniseClickId = () => null,
): ReadResult => {
  const parameters = readParameters(call);
  return readFields(parameters, dialect, findOwnClicks(parameters.list, recognise));
};

export type KeptCall = {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string | null;
  bodyEncoding: 'utf8' | 'base64';
  remoteAddress: string | null;
};

/** A kept call as it was when it came in, to be read again. */
export const callOfRaw = (raw: KeptCall): InboundCall => ({
  method: raw.method,
  query: queryOf(raw.target),
  body: raw.body === null ? null : Buffer.from(raw.body, raw.bodyEncoding),
  contentType: raw.headers['content-type'] ?? null,
});

/** The key by which postbacks are partitioned: everything said about one conversion has one writer
 *  at a time. */
export const partitionKeyOf = (
  read: Pick<PostbackReading, 'clickId' | 'transactionId' | 'reversalOf'>,
  postbackId: string,
): string => read.reversalOf?.value ?? read.transactionId?.value ?? read.clickId?.value ?? postbackId;

/** A reading that says nothing: for calls that are kept without being read (wrong token, too
 *  large). */
export const emptyReading = (): Safe<PostbackReading> =>
  Object.fromEntries(fieldNames.map((field) => [field, null])) as Safe<PostbackReading>;
