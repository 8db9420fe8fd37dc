import { percentEncode } from '#domain';
import { isShaped, type NetworkPreset, type SourcePreset } from './schema.js';

/** How a preset becomes a user's own network or source. Pure, so that the catalog API and the
 *  tests give the same. */

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The preset's values under the user's own. Maps (status words, parameters, events, tokens) are
 *  merged by entry, so that a user who adds one status word does not lose the others; all else that
 *  the user states replaces the preset's. */
const mergeUnder = (stated: Fields, own: Fields, maps: readonly string[]): Fields => {
  const merged: Fields = { ...stated, ...own };
  for (const name of maps) {
    if (isRecord(stated[name]) && isRecord(own[name])) merged[name] = { ...stated[name], ...own[name] };
  }
  return merged;
};

/** How the network signs, under what the user states of it: without the user's secret there is
 *  nothing to check. */
const withSignature = ({ signature }: NetworkPreset, own: Fields): Fields => {
  const { security } = own;
  if (!signature || !isRecord(security) || !isRecord(security['signature'])) return own;
  return { ...own, security: { ...security, signature: { ...signature, ...security['signature'] } } };
};

/** The body of `POST /networks` with `preset` filled in from it; the answer still has to pass the
 *  contract's schema. */
export const applyNetworkPreset = (preset: NetworkPreset, own: Fields): Fields =>
  mergeUnder({ name: preset.name, ...preset.settings, preset: preset.key }, withSignature(preset, own), [
    'params',
    'statusMap',
    'eventMap',
    'events',
  ]);

/** A value that the preset asks for and that is missing or not valid where the template puts it. */
interface FieldProblem {
  field: string;
  code: 'field_missing' | 'field_unknown' | 'field_invalid';
}

const hostName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i;

/** An address as far as the question mark, as panels show it: no query, no login, no macro. */
const asAddress = (value: string): string | null => {
  const address = URL.parse(value);
  const plain = address !== null && /^https?:$/.test(address.protocol) && !/[{}<>\s?#]/.test(value);
  return plain && address.username === '' ? value : null;
};
const asPlainText = (value: string): string | null => (/[{}\p{Cc}]/u.test(value) ? null : value);

/** A field's value encoded for its place; null: it is not allowed there. A brace would be read as a
 *  macro later, so it is either percent-encoded or refused. */
const encodeForUrl = (url: string, at: number, value: string): string | null => {
  if (at === 0) return asAddress(value);
  const host = /^https?:\/\/[^/?#]*/.exec(url)?.[0] ?? '';
  if (at < host.length) return hostName.test(value) ? value : null;
  return percentEncode(value);
};
const encodeForBody = (body: string, value: string): string | null => {
  const isJson = /^\s*[[{]/.test(body);
  const plain = asPlainText(value);
  return isJson ? plain && JSON.stringify(plain).slice(1, -1) : percentEncode(value);
};

/** The preset's destination with the user's account constants for each `<<NAME>>`.
 *  @param values by field name, as the user typed them: trimmed here, encoded for their
 *  place */
export const fillDestination = (
  preset: SourcePreset,
  values: Readonly<Record<string, string>>,
): { destination: SourcePreset['destination']; problems: FieldProblem[] } => {
  const names = preset.fields.map((field) => field.name);
  const problems: FieldProblem[] = [
    ...names.filter((name) => !values[name]?.trim()).map((field) => ({ field, code: 'field_missing' as const })),
    ...Object.keys(values)
      .filter((name) => !names.includes(name))
      .map((field) => ({ field, code: 'field_unknown' as const })),
    ...preset.fields
      .filter((field) => values[field.name]?.trim() && !isShaped(field, values[field.name]!.trim()))
      .map((field) => ({ field: field.name, code: 'field_invalid' as const })),
  ];
  const fill = (text: string, encode: (value: string, at: number) => string | null): string =>
    text.replace(/<<([A-Z0-9_]+)>>/g, (placeholder: string, field: string, at: number) => {
      const value = values[field]?.trim();
      if (!value) return placeholder;
      const encoded = encode(value, at);
      if (encoded === null) problems.push({ field, code: 'field_invalid' });
      return encoded ?? placeholder;
    });
  const fillTemplate = <T extends { url?: string; headers?: Record<string, string>; body?: string | null }>(
    into: T,
  ): T => {
    const { url, headers, body } = into;
    return {
      ...into,
      ...(url && { url: fill(url, (value, at) => encodeForUrl(url, at, value)) }),
      ...(headers && {
        headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, fill(text, asPlainText)])),
      }),
      ...(body && { body: fill(body, (value) => encodeForBody(body, value)) }),
    };
  };
  const { onReversal, onRestatement, secrets, ...main } = preset.destination;
  return {
    destination: {
      ...fillTemplate(main),
      // Not encoded here but where {secret.<name>} is used. For a credential in the path of a URL,
      // which no parameter name gives away.
      ...(secrets && {
        secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, fill(text, asPlainText)])),
      }),
      ...(onReversal && { onReversal: fillTemplate(onReversal) }),
      ...(onRestatement && { onRestatement: fillTemplate(onRestatement) }),
    },
    problems,
  };
};

/** The body of `POST /sources` with `preset` filled in from it. Fields that the preset needs come
 *  in `values`; a destination of the user's own makes them needless. */
export const applySourcePreset = (
  preset: SourcePreset,
  own: Fields,
  values: Readonly<Record<string, string>>,
): { settings: Fields; problems: FieldProblem[] } => {
  const filled =
    'destination' in own ? { destination: own['destination'], problems: [] } : fillDestination(preset, values);
  const stated: Fields = {
    name: preset.name,
    preset: preset.key,
    externalIdParam: preset.externalIdParam,
    tokens: Object.fromEntries(Object.entries(preset.tokens).map(([name, token]) => [name, token.param])),
    ...(preset.cost && {
      cost: { model: preset.cost.model, param: preset.cost.param, currency: preset.cost.currency },
    }),
    destination: filled.destination,
  };
  return { settings: mergeUnder(stated, own, ['tokens']), problems: filled.problems };
};

/** The Postback URL to paste into the network's panel. Macros stay as they are written: a
 *  percent-encoded brace is not replaced by the networks seen, it is sent back literally.
 *  @param publicUrl where ingest is reached from outside, without a trailing slash */
export const postbackUrlOf = (publicUrl: string, token: string, template: string): string =>
  `${publicUrl}/postback/${token}${template === '' ? '' : `?${template}`}`;

/** The click link to paste into the source's panel, with the source's own macros for what the
 *  settings read from it. A parameter that the preset has no macro for is left out: an empty one
 *  would only hide that it is missing. */
export const clickUrlOf = (
  publicUrl: string,
  campaignKey: string,
  source: { externalIdParam: string; tokens: Readonly<Record<string, string>>; cost: { param: string | null } },
  preset: SourcePreset | null,
): string => {
  const pairs: [param: string, macro: string | null | undefined][] = [
    [source.externalIdParam, preset ? preset.externalIdMacro : `{${source.externalIdParam}}`],
    ...Object.entries(source.tokens).map(([name, param]): [string, string | null | undefined] => [
      param,
      preset ? preset.tokens[name]?.macro : `{${name}}`,
    ]),
  ];
  if (source.cost.param) pairs.push([source.cost.param, preset ? preset.cost?.macro : `{${source.cost.param}}`]);
  const written = new Map(pairs.filter(([, macro]) => macro));
  const query = [...written].map(([param, macro]) => `${encodeURIComponent(param)}=${macro}`).join('&');
  return `${publicUrl}/c/${campaignKey}${query === '' ? '' : `?${query}`}`;
};
