import { destinationSecrets, secretsInUrl, withoutSecrets, type DestinationSettings } from '#contracts';
import {
  templateFor,
  templateKindFor,
  destinationLookup,
  factsToSend,
  isWell,
  judgeAttempt,
  needlessReason,
  needsBody,
  RenderError,
  unsendable,
} from '#domain';
import type { AttemptResult, AttemptVerdict, CompiledRequest, RateLookup, RenderedRequest } from '#domain';
import { signStandardWebhook, type Sender } from '#http';
import type { LeasedDelivery } from '#domain';
import type { Random, Time } from '#runtime';
import type { KnownDestination } from './destinations.js';

/** One delivery, once: render, sign, send, judge. */

export type DeliverPorts = {
  send: Sender['send'];
  rates: RateLookup;
  time: Time;
  random: Random;
};

export type Attempted = {
  /** `superseded`: it would tell nothing by now. */
  verdict: AttemptVerdict | { kind: 'superseded'; reason: string };
  /** null: nothing was sent. */
  call: {
    atMs: number;
    request: RenderedRequest;
    shownUrl: string;
    result: AttemptResult;
    outcome: AttemptVerdict['kind'];
  } | null;
  /** Whether the destination is well, as far as this says. */
  ok: boolean;
};

const notSent = (reason: string): Attempted => ({ verdict: { kind: 'parked', reason }, call: null, ok: true });

/** Never throws for what a destination or its template may do. Parks without a call: a destination that is gone, a template that
 *  cannot be rendered with these values, a conversion that has grown too old. */
export const deliver = async (
  delivery: LeasedDelivery,
  destination: KnownDestination | null,
  { send, rates, time, random }: DeliverPorts,
): Promise<Attempted> => {
  if (!destination) return notSent('destination_gone');
  if (destination.broken !== null) return notSent('template_error');
  const { compiled, settings } = destination;
  const needless = isDue(delivery) ? null : needlessReason(compiled, delivery.facts, delivery.lastReceived, rates);
  if (needless) return { verdict: { kind: 'superseded', reason: needless }, call: null, ok: true };
  const facts = factsToSend(settings, delivery.facts, delivery.lastReceived);
  // Who forces it has seen how old it is.
  const asOfMs = delivery.forced ? facts.occurredAtMs : time.nowMs();
  const reason = unsendable(compiled, facts, asOfMs, rates);
  if (reason) return notSent(reason);

  const template = templateFor(compiled, facts);
  const lookup = destinationLookup(compiled, facts, { deliveryId: delivery.id, nowMs: time.nowMs(), rates });
  const request = renderOrNull(template, lookup);
  if (!request) return notSent('template_error');

  const atMs = time.nowMs();
  const signed =
    settings.signing?.kind === 'standard-webhooks'
      ? sign(settings.signing.secrets, delivery.id, atMs, request)
      : request;
  const result = await send({
    request: signed,
    timeouts: { ...settings.timeouts, totalMs: settings.timeoutMs },
    needsBody: needsBody(settings),
    certificate: settings.clientCertificate,
  });
  const verdict = judgeAttempt(result, settings, delivery.attempts + 1, time.nowMs(), random.unit());
  const kind = templateKindFor(settings, facts);
  const shownUrl = redactedUrl((kind === 'main' ? settings : (settings[kind] ?? settings)).url, request);
  const shown = withoutEchoes(result, settings);
  const call = { atMs, request: signed, shownUrl, result: shown, outcome: verdict.kind };
  return { verdict, call, ok: isWell(result, verdict) };
};

/** Begun, or wanted by somebody: whether it tells anything is no question any more. */
const isDue = ({ attempts, maybeSent, forced }: LeasedDelivery): boolean => attempts > 0 || maybeSent || forced;

const renderOrNull = (template: CompiledRequest, lookup: (name: string) => string | null): RenderedRequest | null => {
  try {
    return template.render(lookup);
  } catch (thrown) {
    if (thrown instanceof RenderError) return null;
    throw thrown;
  }
};

const sign = (secrets: string[], id: string, atMs: number, request: RenderedRequest): RenderedRequest => {
  const call = { id, timestampSeconds: Math.floor(atMs / 1000), body: request.body };
  return { ...request, headers: { ...request.headers, ...signStandardWebhook(secrets, call) } };
};

/** Receivers that refuse a call often say back what they were sent: an answer is kept and shown, a secret in it is not. */
const withoutEchoes = (result: AttemptResult, settings: DestinationSettings): AttemptResult => {
  if (result.kind !== 'answered' || result.body === '') return result;
  let secrets = secretsOf.get(settings);
  if (!secrets) {
    secretsOf.set(settings, (secrets = destinationSecrets(settings)));
  }
  const body = withoutSecrets(result.body, secrets);
  return body === result.body ? result : { ...result, body };
};
const secretsOf = new WeakMap<DestinationSettings, readonly string[]>();

/** The URL as it may be shown: the destination's secrets and constants of the template under names of secrets are masked. */
const redactedUrl = (template: string, request: RenderedRequest): string => {
  let url = request.origin + request.shownTarget;
  for (const [name, secret] of secretsIn(template)) url = url.replace(`${name}${secret}`, `${name}***`);
  return url;
};

/** Per template, because looking for them costs more than rendering. */
const known = new Map<string, readonly (readonly [name: string, secret: string])[]>();
const mostKnown = 10_000;

const secretsIn = (template: string): readonly (readonly [name: string, secret: string])[] => {
  const before = known.get(template);
  if (before) return before;
  const found = secretsInUrl(template);
  if (known.size >= mostKnown) known.clear();
  known.set(template, found);
  return found;
};
