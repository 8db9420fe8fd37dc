import {
  destinationLookup,
  factsToSend,
  isWell,
  judgeAttempt,
  needlessReason,
  needsBody,
  RenderError,
  templateFor,
  templateKindFor,
  unsendable,
  type AttemptResult,
  type AttemptVerdict,
  type CompiledRequest,
  type LeasedDelivery,
  type RateLookup,
  type RenderedRequest,
} from '#domain';
import { signStandardWebhook, type Sender } from '#http';
import type { Random, Time } from '#runtime';
import { recordCall, type CallRecord } from './call-record.js';
import type { KnownDestination } from './destinations.js';

/** One delivery, once: render, sign, send, judge. */

export type DeliverPorts = {
  sender: Pick<Sender, 'sendIf' | 'headersOf'>;
  rates: RateLookup;
  time: Time;
  random: Random;
};

export type Attempted = {
  /** `superseded`: it would say nothing new by now. */
  verdict: AttemptVerdict | { kind: 'superseded'; reason: string };
  /** null: nothing was sent. */
  call: {
    atMs: number;
    method: string;
    record: CallRecord;
    result: AttemptResult;
    outcome: AttemptVerdict['kind'];
  } | null;
  /** Whether the destination is up, as far as this shows. */
  ok: boolean;
};

const notSent = (reason: string): Attempted => ({ verdict: { kind: 'parked', reason }, call: null, ok: true });

/** Never throws for what a destination or its template does. Parks without a call: a destination
 *  that was deleted, a template that cannot be rendered with these values, a conversion that is
 *  too old.
 *  @param mayStart asked right before the first byte. Null: it answered false. */
export const deliver = async (
  delivery: LeasedDelivery,
  destination: KnownDestination | null,
  { sender, rates, time, random }: DeliverPorts,
  mayStart: () => boolean,
): Promise<Attempted | null> => {
  if (!destination) return notSent('destination_gone');
  if (destination.broken !== null) return notSent('template_error');
  const { compiled, settings } = destination;
  const { lastReceived } = delivery;
  const needless = isDecided(delivery) ? null : needlessReason(compiled, delivery.facts, lastReceived, rates);
  if (needless) return { verdict: { kind: 'superseded', reason: needless }, call: null, ok: true };
  const facts = factsToSend(settings, delivery.facts, lastReceived);
  // An operator who forces a delivery has seen its age.
  const asOfMs = delivery.forced ? facts.occurredAtMs : time.nowMs();
  const reason = unsendable(compiled, facts, asOfMs, rates);
  if (reason) return notSent(reason);

  const atMs = time.nowMs();
  const lookup = destinationLookup(compiled, facts, { deliveryId: delivery.id, nowMs: atMs, rates });
  const request = renderOrNull(templateFor(compiled, facts), lookup);
  if (!request) return notSent('template_error');

  const secrets = settings.signing?.kind === 'standard-webhooks' ? settings.signing.secrets : null;
  const signature = secrets && signatureOf(secrets, delivery.id, atMs, request);
  const sent = { ...request, headers: sender.headersOf({ ...request.headers, ...signature }) };
  const result = await sender.sendIf(mayStart, {
    request: sent,
    timeouts: { ...settings.timeouts, totalMs: settings.timeoutMs },
    needsBody: needsBody(settings),
    certificate: settings.clientCertificate,
  });
  if (!result) return null;
  const verdict = judgeAttempt(result, settings, delivery.attempts + 1, time.nowMs(), random.unit());
  const kind = templateKindFor(settings, facts);
  const template = (kind === 'main' ? settings : (settings[kind] ?? settings)).url;
  const record = recordCall(sent, result, { settings, template });
  const call = { atMs, method: request.method, record, result, outcome: verdict.kind };
  return { verdict, call, ok: isWell(result, verdict) };
};

/** Already begun, or forced by an operator: whether it says anything new is no question any more.
 */
const isDecided = ({ attempts, maybeSent, forced }: LeasedDelivery): boolean => attempts > 0 || maybeSent || forced;

const renderOrNull = (template: CompiledRequest, lookup: (name: string) => string | null): RenderedRequest | null => {
  try {
    return template.render(lookup);
  } catch (thrown) {
    if (thrown instanceof RenderError) return null;
    throw thrown;
  }
};

const signatureOf = (secrets: string[], id: string, atMs: number, { body }: RenderedRequest): Record<string, string> =>
  signStandardWebhook(secrets, { id, timestampSeconds: Math.floor(atMs / 1000), body });
