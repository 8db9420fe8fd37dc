import {
  bodyPlaceOf,
  compileRequest,
  type HmacSigning,
  type RequestTemplate,
  type TemplateNames,
} from './destination-template.js';
import { destinationMacros, secretNameOf } from '../template/macro-names.js';
import { mapPairs } from '../template/macro-filter.js';
import { macrosOf, parseTemplate, type MacroUse } from '../template/macro-syntax.js';
import { conversionStates } from '../settings.js';
import {
  leftoversIn,
  meantState,
  strayBraces,
  withoutLeftovers,
  type LeftoverPlace,
} from '../template/template-leftover.js';
import { compileUrl } from '../template/url-template.js';
import { TemplateError, type TemplateProblem } from '../template/template-problem.js';

/** Looks over a template before it is saved. An error keeps it from being saved (P8 begins here: a
 *  template with a leftover sends thousands of calls that look fine and count for nothing); a
 *  warning is shown. */

export type LintFinding = TemplateProblem & {
  severity: 'error' | 'warning';
  /** `url`, `body`, `headers.X`, `onReversal.url` … */ where: string;
};

type RecentClicks = { seen: number; withId: number };
export type LintContext = {
  /** The names of the source's tokens; null when the source is not known here. */
  tokens: readonly string[] | null;
  /** The source's last clicks, and how many of them carried its own click id; null or left out: not
   *  known here. */
  clicks?: RecentClicks | null;
};

export type LintedDestination = RequestTemplate & {
  signing: HmacSigning | { kind: 'standard-webhooks'; secrets: string[] } | null;
  secrets: Record<string, string>;
  onReversal: RequestTemplate | null;
  onRestatement: RequestTemplate | null;
};

const moneyMacros = ['value', 'conversion_value', 'payout', 'amount'];
const clickMacros = ['click_id', 'external_id', 'fbc'];
const sentIdMacros = ['conversion_id', 'transaction_id'];

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
    ...signedHeaders(destination),
    ...unusedSecrets(destination),
    ...unusedSignature(destination),
  ];
  return findings.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
};

/** Beside those that the signing adds, in whatever case, a call would carry them twice, and
 *  receivers would check neither. */
const signedHeaders = ({ signing, ...destination }: LintedDestination): LintFinding[] => {
  if (signing?.kind !== 'standard-webhooks') return [];
  const templates = {
    '': destination,
    'onReversal.': destination.onReversal,
    'onRestatement.': destination.onRestatement,
  };
  return Object.entries(templates).flatMap(([prefix, template]) =>
    Object.keys(template?.headers ?? {})
      .filter((name) => /^webhook-(?:id|timestamp|signature)$/i.test(name))
      .map((name) => ({
        code: 'header_reserved',
        text: name,
        message: `the header ${name} is made by the signing`,
        suggestion: null,
        severity: 'error',
        where: `${prefix}headers.${name}`,
      })),
  );
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

const unusedSignature = ({ signing, ...destination }: LintedDestination): LintFinding[] => {
  if (signing?.kind !== 'hmac') return [];
  const templates = [destination, destination.onReversal, destination.onRestatement].filter((each) => each !== null);
  const texts = templates.flatMap(({ url, headers, body }) => [url, ...Object.values(headers), body ?? '']);
  if (texts.flatMap(macrosOf).some(({ name }) => name === 'signature')) return [];
  const message = 'no template says {signature}: the calls are not signed';
  return [
    {
      code: 'signature_unused',
      text: signing.template,
      message,
      suggestion: null,
      severity: 'warning',
      where: 'signing',
    },
  ];
};

const lintRequest = (
  template: RequestTemplate,
  signing: HmacSigning | null,
  names: TemplateNames,
  clicks: RecentClicks | null,
  prefix: string,
): LintFinding[] => {
  const place = bodyPlaceOf(template);
  const texts: [where: string, text: string, place: LeftoverPlace][] = [[`${prefix}url`, template.url, 'url']];
  for (const [name, value] of Object.entries(template.headers))
    texts.push([`${prefix}headers.${name}`, value, 'header']);
  if (template.body !== null) texts.push([`${prefix}body`, template.body, place]);
  const whereOf = (piece: string): string =>
    texts.find(([where, text]) => text.includes(piece) || where === `${prefix}headers.${piece}`)?.[0] ?? `${prefix}url`;
  const error = (problem: TemplateProblem, where: string): LintFinding => ({ ...problem, severity: 'error', where });
  const known = { names: destinationMacros, tokens: names.tokens };
  const rest: RequestTemplate = {
    ...template,
    url: withoutLeftovers(template.url, 'url'),
    headers: Object.fromEntries(
      Object.entries(template.headers).map(([name, value]) => [name, withoutLeftovers(value, 'header')]),
    ),
    body: template.body === null ? null : withoutLeftovers(template.body, place),
  };
  return [
    ...texts.flatMap(([where, text, at]) => leftoversIn(text, at, known).map((problem) => error(problem, where))),
    ...compileProblems(rest, signing, names).map((problem) => error(problem, whereOf(problem.text))),
    ...strayBraces(rest.url, known).map((problem) => error(problem, `${prefix}url`)),
    ...bodyProblems(rest).map((problem) => error(problem, `${prefix}body`)),
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

const bodyProblems = (template: RequestTemplate): TemplateProblem[] => {
  const { body } = template;
  if (body === null || bodyPlaceOf(template) !== 'json') return [];
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
  // A correction may name what was sent before by the id that was sent with it.
  const names = isCorrection && used(sentIdMacros);
  if (!click && !names && !uses.some((use) => use.name.startsWith('token.')))
    add('click_id_missing', template.url, 'the ad network cannot tell which click this is about', '{click_id}');
  if (click && clicks && clicks.seen >= fewestClicks && clicks.withId === 0)
    add(
      'click_id_never_sent',
      click.text,
      `none of the last ${clicks.seen} clicks of this source carried a click id of its own: nothing would be sent`,
      "the click link with the source's own macro in it",
    );
  advice.push(...uses.flatMap(unknownStates));
  for (const text of [template.url, template.body ?? '']) advice.push(...wholeUnitsIn(text));
  if (template.method === 'GET' && template.body !== null)
    add('body_with_get', template.body.slice(0, 80), 'receivers ignore the body of a GET', 'POST');
  if (/^http:/i.test(template.url) && isUrl(template.url))
    add('not_encrypted', template.url, 'the call is not encrypted: ids and values can be read and changed on the way');
  return advice;
};

/** Words of other trackers in a map of our states: they would never come, and the state would be
 *  sent as it is. */
const unknownStates = ({ name, filters: [first], text }: MacroUse): TemplateProblem[] => {
  const words = name === 'status' && first?.name === 'map' ? [...(mapPairs(first.argument)?.keys() ?? [])] : [];
  return words
    .filter((word) => word !== '*' && !(conversionStates as readonly string[]).includes(word))
    .map((word) => ({
      code: 'state_unknown',
      text,
      message: `no conversion is ever "${word}": it is ${conversionStates.join(', ')}`,
      suggestion: meantState(word),
    }));
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
