import { readAmount } from '../money/amount.js';
import { hasNoDecimals } from '../money/currency.js';
import type { Dialect } from './dialect.js';

/** What settings the calls of a network suggest. One call that can be read in two ways is not
 *  guessed (P5); a thousand of the same network that can be read in one way only say how it
 *  writes. */

/** A call as it was read. */
export type SeenCall = {
  id: string;
  amountRaw: string | null;
  hasAmount: boolean;
  currency: string | null;
  statusRaw: string | null;
  refusal: string | null;
  authenticatedBy: string;
  problems: readonly { code: string; param: string | null }[];
};

type SuggestionCode = 'amount_format' | 'default_currency' | 'amount_parameter' | 'status_word' | 'require_token';

export type Suggestion = {
  code: SuggestionCode;
  /** Which of several of the same code: the status word, the parameter. */
  about: string | null;
  message: string;
  /** Calls that show it. */
  evidence: number;
  /** Calls that it would help. */
  affected: number;
  /** A call that it would help. */
  sampleId: string | null;
  /** The settings to change, merged into those that are there. Null: a person has to decide. */
  change: Record<string, unknown> | null;
  /** Which calls to replay afterwards, as filters of the log. */
  replay: Record<string, string> | null;
};

type Settings = Pick<Dialect, 'amountFormat' | 'defaultCurrency' | 'params'> & { security: { requireToken: boolean } };

const count = (number: number): string => number.toLocaleString('en-US');
const calls = (number: number): string => `${count(number)} ${number === 1 ? 'call' : 'calls'}`;
/** The form of a verb behind so many calls. */
const verb = (number: number, one: string, several: string): string => (number === 1 ? one : several);

/** Which separator an amount shows; null: it shows none, or either. */
const separatorOf = ({ amountRaw, currency }: SeenCall): 'dot' | 'comma' | null => {
  if (amountRaw === null || !/[.,]/.test(amountRaw) || (currency !== null && hasNoDecimals(currency))) return null;
  const [dot, comma, found] = (['dot', 'comma', 'auto'] as const).map((format) => readAmount(amountRaw, format).value);
  if (dot === comma) return null;
  if (found !== null) return found === dot ? 'dot' : 'comma';
  return dot !== null && comma === null ? 'dot' : comma !== null && dot === null ? 'comma' : null;
};

const withProblem = (seen: readonly SeenCall[], code: string): SeenCall[] =>
  seen.filter(({ problems }) => problems.some((problem) => problem.code === code));

const amountFormat = (seen: readonly SeenCall[], settings: Settings): Suggestion[] => {
  const doubtful = withProblem(seen, 'amount_ambiguous');
  if (settings.amountFormat !== 'auto' || doubtful.length === 0) return [];
  const shown = seen.map(separatorOf);
  const [dots, commas] = [
    shown.filter((each) => each === 'dot').length,
    shown.filter((each) => each === 'comma').length,
  ];
  const about = { code: 'amount_format', about: null, affected: doubtful.length } as const;
  const sampleId = doubtful[0]?.id ?? null;
  const replay = { problem: 'amount_ambiguous' };
  if ((dots === 0) === (commas === 0)) {
    const why =
      dots === 0
        ? 'No other call shows which one it is'
        : `${calls(dots)} ${verb(dots, 'writes', 'write')} a decimal point and ${count(commas)} a decimal comma`;
    const message = `${calls(doubtful.length)} can be read in two ways. ${why}: look into the network's panel and set amountFormat.`;
    return [{ ...about, message, evidence: dots + commas, sampleId, change: null, replay }];
  }
  const format = dots > 0 ? 'dot' : 'comma';
  const message =
    `${calls(dots + commas)} of this network ${verb(dots + commas, 'writes', 'write')} the decimal ${format === 'dot' ? 'point' : 'comma'}: ` +
    `set amountFormat to ${format} and replay ${count(doubtful.length)}.`;
  return [{ ...about, message, evidence: dots + commas, sampleId, change: { amountFormat: format }, replay }];
};

const defaultCurrency = (seen: readonly SeenCall[], settings: Settings): Suggestion[] => {
  const silent = seen.filter(({ hasAmount, currency }) => hasAmount && currency === null);
  if (settings.defaultCurrency !== null || silent.length === 0) return [];
  const stated = seen.flatMap(({ currency }) => currency ?? []);
  const [only, ...others] = [...new Set(stated)];
  const isOne = only !== undefined && others.length === 0;
  const why = isOne
    ? `${calls(stated.length)} of this network ${verb(stated.length, 'states', 'state')} ${only}`
    : only === undefined
      ? 'No call states one'
      : `Others state ${[only, ...others].slice(0, 5).join(', ')}`;
  return [
    {
      code: 'default_currency',
      about: null,
      message: `${calls(silent.length)} ${verb(silent.length, 'has', 'have')} an amount without a currency. ${why}: set defaultCurrency${isOne ? ` to ${only}` : ''}.`,
      evidence: isOne ? stated.length : 0,
      affected: silent.length,
      sampleId: silent[0]?.id ?? null,
      change: isOne ? { defaultCurrency: only } : null,
      replay: {},
    },
  ];
};

/** Names that may hold a price or coins, where a call has no better one. */
const amountParameter = (seen: readonly SeenCall[], settings: Settings): Suggestion[] => {
  if (settings.params.amount?.length) return [];
  const named = new Map<string, SeenCall[]>();
  for (const call of seen)
    for (const { code, param } of call.problems)
      if (code === 'amount_ambiguous_name' && param !== null && !call.hasAmount)
        named.set(param, [...(named.get(param) ?? []), call]);
  return [...named].map(([param, found]) => ({
    code: 'amount_parameter',
    about: param,
    message: `${calls(found.length)} ${verb(found.length, 'has', 'have')} no payout but a "${param}", which may be a price or coins: if it is the payout, name it as params.amount.`,
    evidence: found.length,
    affected: found.length,
    sampleId: found[0]?.id ?? null,
    change: { params: { amount: [param] } },
    replay: { problem: 'amount_ambiguous_name' },
  }));
};

const maxWords = 20;

const statusWords = (seen: readonly SeenCall[]): Suggestion[] => {
  const words = Map.groupBy(
    seen.filter(({ refusal, statusRaw }) => refusal === 'status_unmapped' && statusRaw !== null),
    ({ statusRaw }) => statusRaw as string,
  );
  return [...words]
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, maxWords)
    .map(([word, found]) => ({
      code: 'status_word',
      about: word,
      message: `${calls(found.length)} ${verb(found.length, 'says', 'say')} "${word}", which means nothing here yet: map it, and they are replayed.`,
      evidence: found.length,
      affected: found.length,
      sampleId: found[0]?.id ?? null,
      change: null,
      replay: { refusal: 'status_unmapped' },
    }));
};

const enoughForToken = 20;

const requireToken = (seen: readonly SeenCall[], { security }: Settings): Suggestion[] => {
  if (security.requireToken || seen.length < enoughForToken) return [];
  if (!seen.every(({ authenticatedBy }) => authenticatedBy === 'token')) return [];
  const message = `All ${calls(seen.length)} came to the network's own Postback URL: set security.requireToken, and no one else can report in its name.`;
  const change = { security: { requireToken: true } };
  return [
    {
      code: 'require_token',
      about: null,
      message,
      evidence: seen.length,
      affected: 0,
      sampleId: null,
      change,
      replay: null,
    },
  ];
};

/** Those that recover money first.
 *  @param seen the newest calls of one network, rows of report files left out */
export const suggestSettings = (seen: readonly SeenCall[], settings: Settings): Suggestion[] => [
  ...amountFormat(seen, settings),
  ...defaultCurrency(seen, settings),
  ...statusWords(seen),
  ...amountParameter(seen, settings),
  ...requireToken(seen, settings),
];
