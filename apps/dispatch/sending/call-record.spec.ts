import { describe, expect, it } from '@jest/globals';
import { destinationSettings } from '#contracts';
import type { AttemptResult, RenderedRequest } from '#domain';
import { recordCall } from './call-record.js';

const url = 'https://ads.example.com/c?id={click_id}';
const settings = destinationSettings.parse({ url });
const many = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'h'.repeat(length)]));
const request: RenderedRequest = {
  method: 'POST',
  origin: 'https://ads.example.com',
  target: '/c?id=1',
  shownTarget: '/c?id=1',
  headers: many(60, 2_000),
  body: 'b'.repeat(50_000),
};
const answered: AttemptResult = {
  kind: 'answered',
  status: 200,
  retryAfter: null,
  headers: many(60, 2_000),
  body: 'ok',
  ms: 1,
  connectMs: 0,
  headersMs: 1,
};

describe('what is kept of a call to an ad network', () => {
  it('is cut: the body, the number of headers, and each of their values', () => {
    const kept = recordCall(request, answered, { settings, template: url });
    expect(kept.requestBody).toHaveLength(16_384);
    for (const headers of [kept.requestHeaders, kept.answerHeaders ?? {}]) {
      expect(Object.keys(headers)).toHaveLength(40);
      expect(Math.max(...Object.values(headers).map((value) => value.length))).toBe(1_000);
    }
  });

  it('never splits a character in two', () => {
    const kept = recordCall({ ...request, body: `${'b'.repeat(16_383)}😀` }, answered, { settings, template: url });
    expect(kept.requestBody?.isWellFormed()).toBe(true);
  });
});
