import { compileRequest, type HmacSigning, type RequestTemplate, type TemplateNames } from './destination-template.js';
import { secretNameOf } from './macro-names.js';
import { isUnreplacedMacro } from './macro-leftover.js';
import { macrosOf, parseTemplate } from './macro.js';
import { compileUrl } from './url-template.js';
import { TemplateError, type TemplateProblem } from './template-problem.js';

/** Looks over a template before it is saved. An error keeps it from being saved (P8 begins here: a template with a leftover sends
 *  thousands of calls that look fine and count for nothing); a warning is shown. */

export type LintFinding = TemplateProblem & {
  severity: 'error' | 'warning';
  /** `url`, `body`, `headers.X`, `onReversal.url` … */ where: string;
};

type RecentClicks = { seen: number; withId: number };
export type LintContext = {
  /** The names of the source's tokens; null when the source is not known here. */
  tokens: readonly string[] | null;
  /** The source's last clicks, and how many of them carried its own click id; null or left out: not known here. */
  clicks?: RecentClicks | null;
};

export type LintedDestination = RequestTemplate & {
  signing: HmacSigning | { kind: 'standard-webhooks'; secrets: string[] } | null;
  secrets: Record<string, string>;
  onReversal: RequestTemplate | null;
  onRestatement: RequestTemplate | null;
};

const moneyMacros = ['value', 'conversion_value', 'payout', 'amount'];
const clickMacros = ['click_id', 'external_id'];
const toldIdMacros = ['conversion_id', 'transaction_id'];

/** Every finding, errors first. An empty list: the template is fine. */
export const lintDestination = (destination: LintedDestination, context: LintContext): LintFinding[] => {
  const signing = destination.signing?.kind === 'hmac' ? destination.signing : null;
  const names = { tokens: context.tokens, secrets: Object.keys(destination.secrets) };
  const look = (template: RequestTemplate | null, prefix: string) =>
    template ? lintRequest(template, signing, names, context.clicks ?? null, prefix) : [];
  const findings = [
    ...look(destination, ''),
    ...look(destination.onReversal, 'onReversal.'),
    ...look(destination.onRestatement, 'onRestatement.'),
    ...unusedSecrets(destination),
  ];
  return findings.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
};

const unusedSecrets = (destination: LintedDestination): LintFinding[] => {
  const templates = [destination, destination.onReversal, destination.onRestatement].filter((each) => each !== null);
  const signed = destination.signing?.kind === 'hmac' ? destination.signing.template : '';
  const texts = templates.flatMap(({ url, headers, body }) => [url, ...Object.values(headers), body ?? '']);
  const used = new Set([...texts, signed].flatMap(macrosOf).map(({ name }) => secretNameOf(name)));
  return Object.keys(destination.secrets)
    .filter((name) => !used.has(name))
    .map((name) => ({
      code: 'secret_unused',
      text: name,
      message: `no template says {secret.${name}}`,
      suggestion: null,
      severity: 'warning',
      where: `secrets.${name}`,
    }));
};

const lintRequest = (
  template: RequestTemplate,
  signing: HmacSigning | null,
  names: TemplateNames,
  clicks: RecentClicks | null,
  prefix: string,
): LintFinding[] => {
  const texts: [where: string, text: string][] = [
    [`${prefix}url`, template.url],
    ...Object.entries(template.headers).map(([name, value]): [string, string] => [`${prefix}headers.${name}`, value]),
    ...(template.body === null ? [] : [[`${prefix}body`, template.body] as [string, string]]),
  ];
  const whereOf = (piece: string): string =>
    texts.find(([where, text]) => text.includes(piece) || where === `${prefix}headers.${piece}`)?.[0] ?? `${prefix}url`;
  const error = (problem: TemplateProblem, where: string): LintFinding => ({ ...problem, severity: 'error', where });
  const leftovers = texts.flatMap(([where, text]) => leftoversIn(text).map((problem) => error(problem, where)));
  return [
    ...compileProblems(template, signing, names).map((problem) => error(problem, whereOf(problem.text))),
    ...leftovers,
    ...(leftovers.some(({ where }) => where === `${prefix}url`) ? [] : strayBraces(template.url)).map((found) =>
      error(found, `${prefix}url`),
    ),
    ...bodyProblems(template).map((problem) => error(problem, `${prefix}body`)),
    ...adviceOn(template, signing, { clicks, isCorrection: prefix !== '' }).map((problem): LintFinding => ({
      ...problem,
      severity: 'warning',
      where: whereOf(problem.text),
    })),
  ];
};

const compileProblems = (
  template: RequestTemplate,
  signing: HmacSigning | null,
  names: TemplateNames,
): readonly TemplateProblem[] => {
  try {
    compileRequest(template, signing, names);
    return [];
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown.problems;
    throw thrown;
  }
};

/** The constants of a text, one per value: parameters of a URL or form, strings of a JSON body, segments of a path. Macros become a plain
 *  letter, so that `{value}` beside a constant is no leftover. */
const constantsOf = (text: string): string[] => {
  const plain = parseTemplate(text)
    .map((part) => (typeof part === 'string' ? part : 'm'))
    .join('');
  return plain.split(/[?&;=/\s"',:]+/).filter((piece) => piece.length > 1);
};

/** Others' delimiters around what would be a macro of ours. */
const doubled = /\{\{+[^{}"]*\}\}+|[$#%]\{[^{}"]*\}/g;
const braces = /\{[^{}"':\s]*\}|%7B[^%&]*%7D|<<[^<>]*>>|<[A-Za-z_]\w*>/gi;
/** Bare, only when they shout: `/insert` and `action=put` are what some ad networks call their own. */
const shouted = /^(?:CHANGE|INSERT|ENTER|PUT)$/;
const people =
  /^(?:replace(?:[_-]?(?:me|this|here))?|(?:change|insert|enter|put)[_-]?(?:me|this|here)|x{3,}|#{3,}|your[_-]?[a-z]+(?:[_-]?[a-z]+)*|nameofadvertiser|account[_-]?number|\w*[_-]here|\w*placeholder\w*|todo)$/i;

const leftoversIn = (text: string): TemplateProblem[] => {
  const without = parseTemplate(text)
    .map((part) => (typeof part === 'string' ? part : ' '.repeat(part.text.length)))
    .join('');
  const shapes = [...[...text.matchAll(doubled)], ...without.matchAll(braces)].map(([found]) => found);
  const words = constantsOf(text).filter(
    (piece) =>
      !shapes.some((shape) => shape.includes(piece)) &&
      (people.test(piece) ||
        shouted.test(piece) ||
        (!/^[a-z]+$/i.test(piece) && isUnreplacedMacro({ text: decoded(piece), raw: piece, name: '' }, false))),
  );
  return [...new Set([...shapes, ...words])].map((found) => ({
    code: 'leftover',
    text: found,
    message: `"${found}" looks like something that was to be replaced`,
    suggestion: ownMacroFor(found),
  }));
};

/** A brace in a URL that belongs to no macro: half of one that was cut or mistyped. It would be sent as it stands, in every call. */
export const strayBraces = (url: string): TemplateProblem[] =>
  parseTemplate(url)
    .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/[^?&=/#{}]*[{}]+[^?&=/#{}]*/g)] : []))
    .map(([found]) => ({
      code: 'leftover',
      text: found,
      message: `"${found}" has a brace that belongs to no macro`,
      suggestion: ownMacroFor(found),
    }));

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** `{{click_id}}` or `%7Bclick_id%7D` is nearly right. */
const ownMacroFor = (found: string): string | null => {
  const name = decoded(found).replace(/^[^A-Za-z_]+|[^A-Za-z0-9_.|:]+$/g, '');
  return /^(click_id|value|payout|transaction_id|currency|status|event)$/.test(name) ? `{${name}}` : null;
};

const bodyProblems = ({ body, headers }: RequestTemplate): TemplateProblem[] => {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (body === null || !(/json/i.test(type) || (type === '' && /^\s*[{[]/.test(body)))) return [];
  // Every macro as a number: right outside of quotes, and a harmless text inside.
  const filled = parseTemplate(body)
    .map((part) => (typeof part === 'string' ? part : '0'))
    .join('');
  try {
    JSON.parse(filled);
    return [];
  } catch (thrown) {
    const message = `the body is not JSON: ${(thrown as Error).message}`;
    return [{ code: 'body_not_json', text: body.slice(0, 80), message, suggestion: null }];
  }
};

const adviceOn = (
  template: RequestTemplate,
  signing: HmacSigning | null,
  { clicks, isCorrection }: { clicks: RecentClicks | null; isCorrection: boolean },
): TemplateProblem[] => {
  const whole = [template.url, ...Object.values(template.headers), template.body ?? '', signing?.template ?? ''].join(
    '\n',
  );
  const uses = macrosOf(whole);
  const used = (names: readonly string[]) => uses.find((use) => names.includes(use.name));
  const advice: TemplateProblem[] = [];
  const add = (code: TemplateProblem['code'], text: string, message: string, suggestion: string | null = null) =>
    advice.push({ code, text, message, suggestion });

  const click = used(clickMacros);
  // A correction may name what was told before by the id that was told with it.
  const names = isCorrection && used(toldIdMacros);
  if (!click && !names && !uses.some((use) => use.name.startsWith('token.')))
    add('click_id_missing', template.url, 'the ad network cannot tell which click this is about', '{click_id}');
  if (click && clicks && clicks.seen >= fewestClicks && clicks.withId === 0)
    add(
      'click_id_never_sent',
      click.text,
      `none of the last ${clicks.seen} clicks of this source carried a click id of its own: nothing would be sent`,
      "the click link with the source's own macro in it",
    );
  for (const text of [template.url, template.body ?? '']) advice.push(...wholeUnitsIn(text));
  if (template.method === 'GET' && template.body !== null)
    add('body_with_get', template.body.slice(0, 80), 'a GET has no body that anybody reads', 'POST');
  if (/^http:/i.test(template.url) && isUrl(template.url))
    add('not_encrypted', template.url, 'the call is not encrypted: ids and values can be read and changed on the way');
  return advice;
};

/** So many clicks without an id are no accident of a test by hand. */
const fewestClicks = 20;

/** Names of parameters and members that say "smallest unit": `amount_cents=`, `"valueMicros":`. */
const smallUnits: [name: RegExp, filters: string][] = [
  [/(?:^|[_.-])(?:cents?|pence|pennies|minor(?:_?units?)?)$|[a-z](?:Cents|Minor|MinorUnits)$/, 'cents'],
  [/(?:^|[_.-])micros?$|[a-z]Micros$/, 'scale:1000000|int'],
];

const wholeUnitsIn = (text: string): TemplateProblem[] => {
  const parts = parseTemplate(text);
  return parts.flatMap((part, index): TemplateProblem[] => {
    if (typeof part === 'string' || !moneyMacros.includes(part.name)) return [];
    if (part.filters.some(({ name }) => name === 'cents' || name === 'scale')) return [];
    const before = parts[index - 1];
    const name = typeof before === 'string' ? /([\w.-]+)(?:=|"\s*:\s*"?)$/.exec(before)?.[1] : undefined;
    const unit = smallUnits.find(([pattern]) => name !== undefined && pattern.test(name));
    if (!unit) return [];
    const message = `"${name}" is counted in smallest units, and {${part.name}} in whole ones`;
    return [{ code: 'amount_in_whole_units', text: part.text, message, suggestion: `{${part.name}|${unit[1]}}` }];
  });
};

const isUrl = (template: string): boolean => {
  try {
    compileUrl(template, { fragment: false });
    return true;
  } catch {
    return false;
  }
};
