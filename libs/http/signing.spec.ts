import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signStandardWebhook } from './signing.js';

const today = `whsec_${Buffer.from('the secret of today, 24 b').toString('base64')}`;
const before = `whsec_${Buffer.from('the secret of before, 24b').toString('base64')}`;
const call = () => ({
  id: '6cb5051b-d1db-8a9a-ab8e-96fef81f407e',
  timestampSeconds: Math.floor(Date.now() / 1000),
  body: '{"value":12.5}',
});

describe('signatures', () => {
  it('are accepted by the receiver’s library', () => {
    const signed = call();
    expect(new Webhook(today).verify(signed.body, signStandardWebhook([today], signed))).toEqual({ value: 12.5 });
  });

  it('of both secrets are sent during rotation, so a receiver with either accepts them', () => {
    const signed = call();
    const headers = signStandardWebhook([today, before], signed);
    for (const secret of [today, before]) expect(() => new Webhook(secret).verify(signed.body, headers)).not.toThrow();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it('are refused for another body, id or secret', () => {
    const signed = call();
    const headers = signStandardWebhook([today], signed);
    expect(() => new Webhook(today).verify('{"value":99}', headers)).toThrow();
    expect(() => new Webhook(today).verify(signed.body, { ...headers, 'webhook-id': 'other' })).toThrow();
    expect(() => new Webhook(before).verify(signed.body, headers)).toThrow();
  });

  it('are made with a plain secret too, and over nothing where there is no body', () => {
    const signed = { ...call(), body: null };
    const headers = signStandardWebhook(['a plain secret'], signed);
    const key = Buffer.from('a plain secret').toString('base64');
    expect(() => new Webhook(key).verify('', headers)).not.toThrow(/No matching signature/);
  });
});
