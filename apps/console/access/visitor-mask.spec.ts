import { describe, expect, it } from '@jest/globals';
import { maskVisitors } from './visitor-mask.js';

describe('what a viewer sees of visitors', () => {
  it('hides addresses and user agents wherever an answer has them, and nothing else', () => {
    const at = new Date(0);
    const shown = maskVisitors({
      at,
      items: [
        {
          raw: {
            remoteAddress: '192.0.2.7',
            headers: { 'user-agent': 'Firefox', host: 'a' },
            target: '/p?ip=192.0.2.7&amount=1',
          },
        },
      ],
      visitor: { ip: '192.0.2.7', userAgent: 'Firefox', language: 'de' },
      tokens: { user_ip: '192.0.2.7', zone: '771' },
    });
    expect(shown).toEqual({
      at,
      items: [
        {
          raw: {
            remoteAddress: '[hidden]',
            headers: { 'user-agent': '[hidden]', host: 'a' },
            target: '/p?ip=[hidden]&amount=1',
          },
        },
      ],
      visitor: { ip: '[hidden]', userAgent: '[hidden]', language: 'de' },
      tokens: { user_ip: '[hidden]', zone: '771' },
    });
    expect(JSON.stringify(shown)).not.toContain('192.0.2.7');
  });
});
