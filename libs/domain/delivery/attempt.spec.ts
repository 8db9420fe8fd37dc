import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isWell,
  judgeAttempt,
  needsBody,
  permanentFailures,
  readRetryAfterMs,
  retryScheduleMs,
  transientFailures,
  type AttemptResult,
  type RetryRule,
  type SuccessRule,
} from './attempt.js';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const accepts: SuccessRule = { statuses: ['2xx'], bodyMatches: null, bodyMustNotMatch: null };
const retries: RetryRule = { statuses: [], bodyMatches: null };
const answered = (status: number, body = '', retryAfter: string | null = null): AttemptResult => ({
  ...{ kind: 'answered', status, body, retryAfter, headers: {} },
  ...{ ms: 1, connectMs: 0, headersMs: 1 },
});
const judge = (result: AttemptResult, rule: Partial<SuccessRule> = {}, attempts = 1, again: Partial<RetryRule> = {}) =>
  judgeAttempt(
    result,
    { successWhen: { ...accepts, ...rule }, retryWhen: { ...retries, ...again } },
    attempts,
    nowMs,
    0.5,
  );

describe('what an answer means', () => {
  it.each([200, 201, 204, 299])('%d is accepted', (status) => {
    expect(judge(answered(status))).toEqual({ kind: 'delivered' });
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 599])('%d passes by itself: it is tried again', (status) => {
    expect(judge(answered(status))).toMatchObject({
      kind: 'retry',
      reason: `status_${status}`,
      dueInMs: 5_000,
    });
  });

  it.each([301, 302, 400, 401, 403, 404, 405, 410, 422])(
    '%d says that the call is wrong: it is parked at once',
    (status) => {
      expect(judge(answered(status))).toEqual({ kind: 'parked', reason: `status_${status}` });
    },
  );

  it('is by the destination’s own rule, where it has one', () => {
    expect(judge(answered(200), { statuses: ['204'] })).toEqual({ kind: 'parked', reason: 'status_200' });
    expect(judge(answered(302), { statuses: ['2xx', '302'] })).toEqual({ kind: 'delivered' });
  });

  it('is found at once, whatever the pattern and the answer are', () => {
    const begin = performance.now();
    const verdict = judge(answered(200, `${'a'.repeat(16_000)}!`), { bodyMatches: '(a+)+$' });
    expect(verdict).toEqual({ kind: 'parked', reason: 'body_not_accepted' });
    expect(performance.now() - begin).toBeLessThan(5_000);
    for (const rule of [{ bodyMatches: '(?=a)' }, { bodyMustNotMatch: '(?=a)' }])
      expect(judge(answered(200, 'a'), rule)).toEqual({ kind: 'parked', reason: 'body_not_accepted' });
  });

  it('is by the body, where an ad network answers 200 whatever happens', () => {
    const rule = { bodyMatches: '^OK', bodyMustNotMatch: 'ERROR' };
    expect(judge(answered(200, 'OK'), rule)).toEqual({ kind: 'delivered' });
    expect(judge(answered(200, 'ERROR: goal invalid'), rule)).toEqual({ kind: 'parked', reason: 'body_not_accepted' });
    expect(judge(answered(200, 'OK but ERROR'), rule)).toEqual({ kind: 'parked', reason: 'body_not_accepted' });
    expect(judge(answered(200, 'OK'), { bodyMatches: '(' })).toEqual({ kind: 'parked', reason: 'body_not_accepted' });
  });

  it('is tried again where the ad network says in the body that it is too early', () => {
    const rule = { bodyMustNotMatch: 'error' };
    const again = { bodyMatches: 'TOO_RECENT' };
    const early = answered(200, '{"error":"TOO_RECENT_EVENT"}');
    expect(judge(early, rule, 1, again)).toMatchObject({ kind: 'retry', reason: 'body_not_accepted' });
    expect(judge(early, rule, 9, again)).toEqual({ kind: 'parked', reason: 'retries_exhausted' });
    expect(judge(answered(200, '{"error":"INVALID"}'), rule, 1, again)).toMatchObject({ kind: 'parked' });
    expect(judge(answered(400, 'TOO_RECENT'), rule, 1, again)).toMatchObject({ kind: 'retry', reason: 'status_400' });
    expect(judge(answered(200, 'TOO_RECENT, and taken'), rule, 1, again)).toEqual({ kind: 'delivered' });
    expect(judge(early, rule, 1, { bodyMatches: '(' })).toMatchObject({ kind: 'parked' });
  });

  it('is tried again with a status that the destination names, as when its access token has run out', () => {
    expect(judge(answered(401), {}, 1, { statuses: ['401'] })).toMatchObject({ kind: 'retry', reason: 'status_401' });
    expect(judge(answered(403), {}, 1, { statuses: ['401'] })).toEqual({ kind: 'parked', reason: 'status_403' });
    expect(judge(answered(200), {}, 1, { statuses: ['2xx'] })).toEqual({ kind: 'delivered' });
  });

  it('waits for the body only where the body decides', () => {
    expect(needsBody({ successWhen: accepts, retryWhen: retries })).toBe(false);
    expect(needsBody({ successWhen: { ...accepts, bodyMatches: 'OK' }, retryWhen: retries })).toBe(true);
    expect(needsBody({ successWhen: { ...accepts, bodyMustNotMatch: 'no' }, retryWhen: retries })).toBe(true);
    expect(needsBody({ successWhen: accepts, retryWhen: { ...retries, bodyMatches: 'later' } })).toBe(true);
  });

  it('distinguishes failures that pass from those that do not', () => {
    const failed = (code: (typeof transientFailures)[number] | (typeof permanentFailures)[number]): AttemptResult => ({
      kind: 'failed',
      code,
      message: '',
      ms: 1,
    });
    for (const code of transientFailures) expect(judge(failed(code))).toMatchObject({ kind: 'retry', reason: code });
    for (const code of permanentFailures) expect(judge(failed(code))).toEqual({ kind: 'parked', reason: code });
  });
});

describe('what speaks against a destination, so that it is paused', () => {
  const failed = (code: 'network' | 'address_refused' | 'port_refused'): AttemptResult => ({
    kind: 'failed',
    code,
    message: '',
    ms: 1,
  });

  it('is what can be retried, also the last time', () => {
    for (const result of [answered(500), answered(429), failed('network')])
      for (const attempts of [1, retryScheduleMs.length + 1])
        expect(isWell(result, judge(result, {}, attempts))).toBe(false);
  });

  it('is no refusal, and no address that the settings should not name', () => {
    for (const result of [
      answered(200),
      answered(403),
      answered(999),
      failed('address_refused'),
      failed('port_refused'),
    ])
      expect(isWell(result, judge(result))).toBe(true);
    const notYet = answered(200, 'TOO_RECENT');
    for (const attempts of [1, retryScheduleMs.length + 1])
      expect(isWell(notYet, judge(notYet, { bodyMatches: 'OK' }, attempts, { bodyMatches: 'RECENT' }))).toBe(true);
    const error = answered(200, 'ERROR');
    expect(isWell(error, judge(error, { bodyMatches: 'OK' }))).toBe(true);
  });
});

describe('when it is tried again', () => {
  it('at longer and longer distances, for more than a day, then parked', () => {
    const waits = retryScheduleMs.map((_, index) => {
      const verdict = judge(answered(503), {}, index + 1);
      return verdict.kind === 'retry' ? verdict.dueInMs : -1;
    });
    expect(waits).toEqual([...retryScheduleMs]);
    expect(waits.reduce((sum, wait) => sum + wait * 0.8, 0)).toBeGreaterThan(24 * 3_600_000);
    expect(judge(answered(503), {}, retryScheduleMs.length + 1)).toEqual({
      kind: 'parked',
      reason: 'retries_exhausted',
    });
  });

  it('spread over a fifth to both sides', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 8 }), (jitter, attempts) => {
        const verdict = judgeAttempt(
          answered(503),
          { successWhen: accepts, retryWhen: retries },
          attempts,
          nowMs,
          jitter,
        );
        const wait = retryScheduleMs[attempts - 1] ?? 0;
        const waited = verdict.kind === 'retry' ? verdict.dueInMs : -1;
        expect(Math.abs(waited - wait)).toBeLessThanOrEqual(wait * 0.2 + 1);
      }),
    );
  });

  it('not before the destination says, and the whole destination rests so long', () => {
    expect(judge(answered(429, '', '120'))).toEqual({
      kind: 'retry',
      reason: 'status_429',
      dueInMs: 120_000,
      restMs: 120_000,
    });
    expect(judge(answered(503, '', 'Sun, 01 Mar 2026 12:01:00 GMT'))).toMatchObject({ dueInMs: 60_000 });
    expect(judge(answered(429, '', '86400'))).toMatchObject({ restMs: 15 * 60_000 });
  });

  it.each([
    ['0', 0],
    [' 5 ', 5_000],
    ['999999999', 86_400_000],
    ['-5', null],
    ['soon', null],
    ['1.5', null],
    ['', null],
    [null, null],
    ['Sun, 01 Mar 2020 12:00:00 GMT', 0],
  ])('reads Retry-After %j as %j ms', (text, ms) => {
    expect(readRetryAfterMs(text, nowMs)).toBe(ms);
  });
});
