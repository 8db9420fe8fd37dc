import { destinationSecrets, secretsInUrl, withoutSecrets, type DestinationSettings } from '#contracts';
import type { AttemptResult, RenderedRequest } from '#domain';

/** What is kept of a call: the whole request and the answer, without the destination's secrets and
 *  cut to these limits (docs/LIMITS.md). */
const maxBodyLength = 16_384;
const maxHeaders = 40;
const maxHeaderLength = 1_000;

export type CallRecord = {
  url: string;
  requestHeaders: Record<string, string>;
  requestBody: string | null;
  answerHeaders: Record<string, string> | null;
  /** The first part of the answer, or why there is none. */
  answer: string;
};

/** Receivers that refuse a call often repeat what they were sent, so the answer is masked too.
 *  @param template of the URL, for constants that are secrets by their names. */
export const recordCall = (
  request: RenderedRequest,
  result: AttemptResult,
  { settings, template }: { settings: DestinationSettings; template: string },
): CallRecord => {
  const secrets = secretsOf(settings);
  return {
    url: shownUrl(template, request),
    requestHeaders: shownHeaders(request.headers, secrets),
    requestBody:
      request.body === null ? null : withoutSecrets(request.body, secrets).slice(0, maxBodyLength).toWellFormed(),
    answerHeaders: result.kind === 'answered' ? shownHeaders(result.headers, secrets) : null,
    answer: result.kind === 'answered' ? withoutSecrets(result.body, secrets) : result.message,
  };
};

const shownHeaders = (headers: Record<string, string>, secrets: readonly string[]): Record<string, string> => {
  const shown: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if ((count += 1) > maxHeaders) break;
    const value = headers[name] as string;
    shown[name] = name === 'set-cookie' ? '***' : withoutSecrets(value, secrets).slice(0, maxHeaderLength);
  }
  return shown;
};

const secretsOf = (settings: DestinationSettings): readonly string[] => {
  let secrets = knownSecrets.get(settings);
  if (!secrets) knownSecrets.set(settings, (secrets = destinationSecrets(settings)));
  return secrets;
};
const knownSecrets = new WeakMap<DestinationSettings, readonly string[]>();

/** The destination's secrets, and constants of the template under names of secrets, are masked. */
const shownUrl = (template: string, request: RenderedRequest): string => {
  let url = request.origin + request.shownTarget;
  for (const [name, secret] of secretsIn(template)) url = url.replace(`${name}${secret}`, `${name}***`);
  return url;
};

type NamedSecret = readonly [name: string, secret: string];
/** By template, because searching costs more than rendering. */
const knownTemplates = new Map<string, readonly NamedSecret[]>();
const maxKnownTemplates = 10_000;

const secretsIn = (template: string): readonly NamedSecret[] => {
  const known = knownTemplates.get(template);
  if (known) return known;
  const found = secretsInUrl(template);
  if (knownTemplates.size >= maxKnownTemplates) knownTemplates.clear();
  knownTemplates.set(template, found);
  return found;
};
