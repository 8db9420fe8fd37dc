import { describe, expect, it } from '@jest/globals';
import { network as networkSchema, type Network } from '#contracts';
import { emptyReading } from '#domain';
import { rereadPostback, type KeptPostback, type RereadOptions } from './replay.js';

const network = (more: object = {}): Network =>
  networkSchema.parse({ key: 'net', name: 'net', number: 1, tokens: [], ...more });
const row = (target: string, refusal: string | null, more: Partial<KeptPostback> = {}): KeptPostback => ({
  id: '01900000-0000-7000-8000-000000000001',
  receivedAt: new Date(0),
  networkKey: 'net',
  state: refusal === null ? 'applied' : 'refused',
  refusal,
  authenticatedBy: 'none',
  proof: 'none',
  read: emptyReading(),
  raw: { method: 'GET', target, headers: {}, body: null, bodyEncoding: 'utf8', remoteAddress: '198.51.100.7' },
  suppressDelivery: false,
  ...more,
});
const outcome = (call: KeptPostback, by: Network | null, options: Partial<RereadOptions> = {}): string => {
  const reread = rereadPostback(call, by, () => null, {
    everything: false,
    named: [],
    vouched: false,
    ...options,
  });
  return reread.kind === 'skip' ? reread.reason : (reread.message.refusal ?? 'decided');
};
const query = '/postback?click_id=c&txid=1&amount=2';

describe('a call whose caller gave no proof', () => {
  it.each(['token_wrong', 'drop_in_off', 'address_not_allowed', 'token_required', 'proof_required'])(
    'is left alone by a replay that does not mean it: %s',
    (code) => {
      expect(outcome(row(query, code), network(), { everything: true, vouched: true })).toBe('not_named');
    },
  );

  it('is replayed when it is meant and could give the proof today', () => {
    const outside = row(query, 'address_not_allowed');
    const named = { named: ['address_not_allowed'] };
    expect(outcome(outside, network({ security: { cidrs: ['203.0.113.0/24'] } }), named)).toBe('unchanged');
    expect(outcome(outside, network({ security: { cidrs: ['198.51.100.0/24'] } }), named)).toBe('decided');
    const tune = row('/aff_lsr?transaction_id=c', 'drop_in_off');
    expect(outcome(tune, network(), { named: ['drop_in_off'] })).toBe('unchanged');
    expect(outcome(tune, network({ dropIns: ['tune'] }), { named: ['drop_in_off'] })).toBe('decided');
  });

  it('with an unknown token is replayed when the caller names its network', () => {
    const call = row(query, 'token_wrong', { networkKey: null });
    expect(outcome(call, null, { named: ['token_wrong'] })).toBe('not_replayable');
    expect(outcome(call, network(), { named: ['token_wrong'], vouched: true })).toBe('decided');
  });

  it('whose secret or signature was wrong is not replayed: neither was kept', () => {
    for (const code of ['secret_wrong', 'signature_wrong'])
      expect(outcome(row(query, code), network(), { named: [code], vouched: true })).toBe('not_replayable');
  });
});

describe('a call to another tracker’s path', () => {
  it('is read by that tracker’s names although its network is unknown', () => {
    const reread = rereadPostback(
      row('/aff_lsr?transaction_id=c&adv_sub=9', null, { state: 'orphan' }),
      null,
      () => null,
      {
        everything: false,
        named: [],
        vouched: false,
      },
    );
    expect(reread).toMatchObject({
      message: { read: { clickId: { value: 'c' }, transactionId: { value: '9' } } },
    });
  });
});

describe('a call that reads the same', () => {
  it('is replayed while the rules may decide otherwise, and not when its reading refuses it again', () => {
    expect(outcome(row('/postback', 'nothing_to_identify'), network())).toBe('unchanged');
    expect(outcome(row(query, 'click_unknown'), network())).toBe('decided');
  });
});
