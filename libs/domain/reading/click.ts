import { readAmount } from '../money/amount.js';
import { isEmptyWord, isUnreplacedMacro } from './unreplaced-macro.js';
import { parseNanos } from '../money/money.js';
import type { Parameter } from './call/parameter.js';
import { safeText, type SafeText } from './call/text.js';
import type { CostModel } from '../settings.js';

/** What a click link's call says about the visit, and which offer it goes to. Pure: time and chance
 *  are arguments. */

/** The part of a source's settings that reading a click needs. */
export type ClickDialect = {
  externalIdParam: string;
  tokens: Record<string, string>;
  cost: { model: CostModel; param: string | null; amount: string | null; currency: string };
};

type ClickReading = {
  /** The source's own click id; null when there was none or its macro was not replaced. */
  externalId: SafeText | null;
  externalIdRaw: SafeText | null;
  tokens: Record<string, SafeText>;
  /** As the source states it, in its own model's terms (`cpm`: per thousand clicks); `amountNanos`
   *  null: unknown (P5). */
  cost: { model: CostModel; amountNanos: SafeText | null; currency: SafeText; raw: SafeText | null } | null;
};

/** Longer values are cut: no source sends more, and a click is kept for ever. */
export const maxClickValueLength = 2_000;
const maxCurrencyLength = 20;

const findValue = (list: readonly Parameter[], name: string): { value: SafeText | null; raw: SafeText | null } => {
  const lower = name.toLowerCase();
  let raw: SafeText | null = null;
  for (const parameter of list) {
    if (parameter.name.toLowerCase() !== lower) continue;
    const text = safeText(parameter.value.trim(), maxClickValueLength);
    raw ??= text;
    if (isEmptyWord(text)) continue;
    // Words are real values of tokens (`zone=click`), so only what has the shape of a macro counts
    // as one.
    if (!isUnreplacedMacro({ text, raw: parameter.raw, name: '' }, false)) return { value: text, raw: text };
  }
  return { value: null, raw };
};

const readCost = (list: readonly Parameter[], cost: ClickDialect['cost']): ClickReading['cost'] => {
  if (cost.model === 'none') return null;
  const { value, raw } = cost.param === null ? { value: null, raw: null } : findValue(list, cost.param);
  const read = value === null ? null : readAmount(value, 'dot');
  const beside = read && read.value !== null ? read.currency : null;
  // A `$` beside the number of a source that counts in euros: 0.05 of what?
  const conflicts = beside !== null && 'among' in beside && !beside.among.includes(cost.currency);
  const stated = conflicts ? null : (read?.value ?? (value === null ? cost.amount : null));
  const nanos = stated === null ? null : parseNanos(stated);
  const currency = beside && 'code' in beside ? beside.code : cost.currency;
  return {
    model: cost.model,
    amountNanos: nanos === null ? null : safeText(nanos.toString(), 40),
    currency: safeText(currency, maxCurrencyLength),
    raw,
  };
};

/** Reads the parameters of a click link by its source's settings. Never throws. */
export const readClick = (list: readonly Parameter[], dialect: ClickDialect): ClickReading => {
  const external = findValue(list, dialect.externalIdParam);
  const tokens: Record<string, SafeText> = {};
  for (const [name, param] of Object.entries(dialect.tokens)) {
    const { value } = findValue(list, param);
    if (value !== null) tokens[name] = value;
  }
  return { externalId: external.value, externalIdRaw: external.raw, tokens, cost: readCost(list, dialect.cost) };
};

/** Chooses by weight. `random` is in [0, 1). Null: there is nothing with a weight above zero. */
export const chooseByWeight = <Choice extends { weight: number }>(
  choices: readonly Choice[],
  random: number,
): Choice | null => {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let rest = random * total;
  let last: Choice | null = null;
  for (const choice of choices) {
    if (choice.weight <= 0) continue;
    last = choice;
    rest -= choice.weight;
    if (rest < 0) return choice;
  }
  return last;
};

/** Programs that fetch a link to show its preview where it was posted: no visitor, so no click. */
const previewers =
  /facebookexternalhit|facebookcatalog|twitterbot|slackbot|telegrambot|whatsapp|discordbot|linkedinbot|skypeuripreview|viber|pinterestbot|redditbot|embedly|vkshare|line-poker|google-pagerenderer/i;

/** Whether a call of a click link is a visit. HEAD, prefetching browsers and link previews are
 *  redirected but not counted. */
export const isVisit = (call: { method: string; headers: Record<string, string | string[] | undefined> }): boolean => {
  if (call.method !== 'GET') return false;
  const {
    purpose,
    'sec-purpose': secPurpose,
    'x-purpose': xPurpose,
    'x-moz': xMoz,
    'user-agent': agent,
  } = call.headers;
  for (const stated of [purpose, secPurpose, xPurpose, xMoz])
    if (typeof stated === 'string' && /prefetch|preview|prerender/i.test(stated.slice(0, 100))) return false;
  return typeof agent !== 'string' || !previewers.test(agent.slice(0, 1_000));
};
