import { fitsPattern } from './answer-pattern.js';

/** What one HTTP call came to, and what follows from it. */

export type AttemptResult =
  | {
      kind: 'answered';
      status: number;
      retryAfter: string | null;
      headers: Record<string, string>;
      body: string;
      ms: number;
      /** Of `ms`: until the request went out on a connection, and until the head of the answer
       *  came. */
      connectMs: number;
      headersMs: number;
    }
  | { kind: 'failed'; code: AttemptFailure; message: string; ms: number };

/** Ways in which a call ends without an answer. */
export const transientFailures = [
  'timeout_connect',
  'timeout_headers',
  'timeout_body',
  'timeout_total',
  'network',
  'dns',
  'tls',
] as const;
export const permanentFailures = ['address_refused', 'port_refused', 'template_error'] as const;

/** Reasons of a parked delivery whose only call was rejected: the ad network has not recorded the
 *  sale, so no reversal is sent and the sale does not count as sent. A pattern, because Postgres
 *  matches it too.
 *
 *  - Not a 409: it mostly means that the ad network has the sale.
 *  - Not an answer below 400 or one judged by its body: our own rules for those may be wrong. */
export const turnedAwayPattern = '^(status_4(0[0-8]|[1-9][0-9])|address_refused|port_refused)$';
const turnedAway = new RegExp(turnedAwayPattern);
export const isTurnedAway = (reason: string | null): boolean => reason !== null && turnedAway.test(reason);

export type AttemptFailure = (typeof transientFailures)[number] | (typeof permanentFailures)[number];

export type SuccessRule = { statuses: readonly string[]; bodyMatches: string | null; bodyMustNotMatch: string | null };
/** Answers that are no success and pass by themselves, beside those that HTTP says it of: ad
 *  networks that answer 200 whatever happens say "too early" or "too many calls" in the body too,
 *  and an access token that has run out is renewed. */
export type RetryRule = { statuses: readonly string[]; bodyMatches: string | null };
export type AnswerRules = { successWhen: SuccessRule; retryWhen: RetryRule };

/** Whether an answer cannot be judged before its body has come. */
export const needsBody = ({ successWhen, retryWhen }: AnswerRules): boolean =>
  successWhen.bodyMatches !== null || successWhen.bodyMustNotMatch !== null || retryWhen.bodyMatches !== null;

/** `reason` is a stable word: `status_503`, `timeout_connect`, `body_not_accepted`,
 *  `retries_exhausted` … */
export type AttemptVerdict =
  | { kind: 'delivered' }
  | {
      kind: 'retry';
      reason: string;
      dueInMs: number;
      /** How long the whole destination asks for rest. */
      restMs: number | null;
    }
  | { kind: 'parked'; reason: string };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second attempt, the third …: 43 hours and 35 minutes in all. Quick at first,
 *  because most failures are a deploy or a dropped connection; then long enough to outlast an
 *  outage over night and a day of repairs (peers give up after 4 to 28 hours). */
export const retryScheduleMs: readonly number[] = [
  5 * second,
  30 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  12 * hour,
  24 * hour,
];

/** A quarter of an hour at most is taken on trust, for a whole destination; for the one delivery
 *  up to a day. */
const maxRestMs = 15 * minute;
const maxRetryAfterMs = 24 * hour;

/** `Retry-After` as seconds or as an HTTP date (RFC 9110 §10.2.3); null when it is neither. */
export const readRetryAfterMs = (text: string | null, nowMs: number): number | null => {
  if (text === null) return null;
  const trimmed = text.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Math.min(Number(trimmed) * second, maxRetryAfterMs);
  const at = /[A-Za-z]/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - nowMs), maxRetryAfterMs);
};

const statusMatches = (status: number, rules: readonly string[]): boolean =>
  rules.some((rule) => (rule.endsWith('xx') ? String(status).startsWith(rule.slice(0, 1)) : String(status) === rule));

const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599);

/** @param attempts how many were made, this one included.
 *  @param jitter 0 to 1: the wait is spread over ± 20 %, so that what failed together does not
 *  come back together. */
export const judgeAttempt = (
  result: AttemptResult,
  { successWhen, retryWhen }: AnswerRules,
  attempts: number,
  nowMs: number,
  jitter: number,
): AttemptVerdict => {
  if (result.kind === 'failed') {
    if ((permanentFailures as readonly string[]).includes(result.code)) return { kind: 'parked', reason: result.code };
    return retryOrPark(result.code, attempts, jitter, null);
  }
  const { status, body } = result;
  const statusIsRight = statusMatches(status, successWhen.statuses);
  if (statusIsRight && bodyAccepted(body, successWhen)) return { kind: 'delivered' };
  const reason = statusIsRight ? 'body_not_accepted' : `status_${status}`;
  const passes =
    (!statusIsRight && isTransientStatus(status)) ||
    statusMatches(status, retryWhen.statuses) ||
    (retryWhen.bodyMatches !== null && fitsPattern(retryWhen.bodyMatches, body) === true);
  if (!passes) return { kind: 'parked', reason };
  return retryOrPark(reason, attempts, jitter, readRetryAfterMs(result.retryAfter, nowMs));
};

/** Whether the destination is up, as far as this says. A refusal (404) says that the call was
 *  wrong, an address that may not be called that the settings are: both are parked at once, and
 *  pausing the destination would only park the others one by one. Only what can be retried speaks
 *  against it, also when it was the last; and of that not what was answered with the right status
 *  and a "not yet" in the body: that is about this one conversion, and the others would wait for
 *  it. */
export const isWell = (result: AttemptResult, verdict: AttemptVerdict): boolean => {
  if (verdict.kind === 'delivered') return true;
  if (verdict.kind === 'retry') return verdict.reason === 'body_not_accepted';
  return verdict.reason !== exhausted || (result.kind === 'answered' && !isTransientStatus(result.status));
};

const exhausted = 'retries_exhausted';

const retryOrPark = (reason: string, attempts: number, jitter: number, retryAfterMs: number | null): AttemptVerdict => {
  const wait = retryScheduleMs[attempts - 1];
  if (wait === undefined) return { kind: 'parked', reason: exhausted };
  const spread = Math.round(wait * (0.8 + 0.4 * jitter));
  return {
    kind: 'retry',
    reason,
    dueInMs: Math.max(spread, retryAfterMs ?? 0),
    restMs: retryAfterMs === null ? null : Math.min(retryAfterMs, maxRestMs),
  };
};

/** Ad networks that answer 200 whatever happens say `OK` or `ERROR: …` in the body. A pattern that
 *  cannot be read accepts nothing. */
const bodyAccepted = (body: string, { bodyMatches, bodyMustNotMatch }: SuccessRule): boolean => {
  if (bodyMatches !== null && fitsPattern(bodyMatches, body) !== true) return false;
  return bodyMustNotMatch === null || fitsPattern(bodyMustNotMatch, body) === false;
};
