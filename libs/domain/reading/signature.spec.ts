import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { commonDialect } from './dialect.js';
import { dialectAt, readableParameters } from './drop-in.js';
import { readParameters } from './call/parameters.js';
import { readFields } from './postback.js';
import { judgeSignature, signatureOf, type JudgedCall, type SignatureRule } from './signature.js';

const hashOf = (algorithm: string, text: string | Buffer) => createHash(algorithm).update(text).digest('hex');
const called = (query: string, body: string | Buffer | null = null): JudgedCall => {
  const bytes = body === null ? null : Buffer.from(body);
  const contentType = body === null ? null : 'application/x-www-form-urlencoded';
  const { list, fromQuery } = readParameters({ method: 'POST', query, body: bytes, contentType });
  const target = `/postback/t?${query}`;
  return {
    ...{ uri: `https://t.example${target}`, target, headers: {}, address: null },
    body: bytes,
    parameters: list,
    fromQuery,
  };
};
const judge = (call: JudgedCall, rule: SignatureRule) => judgeSignature(call, rule, 1_790_000_000_000);
const common = { encoding: 'hex', toleranceSeconds: 300 } as const;

describe('a plain hash as signature', () => {
  const cpx: SignatureRule = {
    ...common,
    kind: 'digest',
    algorithm: 'md5',
    param: 'hash',
    template: '{param:trans_id}-{secret}',
    secret: 'sEcReT',
  };
  const query = `trans_id=55500012&status=1&amount_usd=0.50&hash=${hashOf('md5', '55500012-sEcReT')}`;

  it('holds as offer walls make it, and not for another id', () => {
    expect(judge(called(query), cpx)).toBeNull();
    expect(judge(called(query.replace('55500012&', '55500013&')), cpx)).toBe('signature_wrong');
    expect(judge(called('trans_id=1'), cpx)).toBe('signature_missing');
  });

  it('is made of several values without separators where the network joins them so', () => {
    const lootably: SignatureRule = {
      ...cpx,
      algorithm: 'sha256',
      template: '{param:userID}{param:ip}{param:revenue}{param:currencyReward}{secret}',
    };
    const hash = hashOf('sha256', 'CID1203.0.113.90.011sEcReT');
    const given = `userID=CID1&ip=203.0.113.9&revenue=0.01&currencyReward=1&hash=${hash}`;
    expect(judge(called(given), lootably)).toBeNull();
  });

  it('lets the settings name what it leaves out, and says that it is not signed', () => {
    const network = {
      ...commonDialect,
      params: { transactionId: ['trans_id'], amount: ['amount_usd'] },
      dropIns: [],
      security: { signature: cpx, hmac: null },
    };
    const all = readParameters({
      method: 'GET',
      query: `${query}&trans_id=9&click_id=x`,
      body: null,
      contentType: null,
    });
    const dialect = dialectAt(network, '/postback/t', all.list);
    const { read, problems } = readFields(readableParameters(all, network, dialect), dialect, new Map());
    expect([read.transactionId?.value, read.amount?.value, read.clickId]).toEqual(['55500012', '0.5', null]);
    expect(problems).toContainEqual({ code: 'not_signed', param: 'amount_usd' });
  });
});

describe('a hash of all fields in the order of their names', () => {
  it('holds as JVZoo makes its cverify: values, then the key, eight digits in upper case', () => {
    const rule: SignatureRule = {
      ...{ ...common, kind: 'sorted-fields', algorithm: 'sha1', param: 'cverify', secret: 'jv-key', truncate: 8 },
      ...{ fields: 'value', joiner: '|', secretAt: 'end', skipEmpty: false },
    };
    const signed = hashOf('sha1', 'CID1|RX-1|SALE|2997|jv-key').slice(0, 8).toUpperCase();
    const form = `ctransreceipt=RX-1&ctransaction=SALE&ctransamount=2997&caffitid=CID1&cverify=${signed}`;
    const ordered = form.replace('ctransreceipt=RX-1&', '').concat('&ctransreceipt=RX-1');
    expect(judge(called('', ordered), { ...rule })).toBe(judge(called('', form), rule));
    // Names in order: caffitid, ctransaction, ctransamount, ctransreceipt.
    const right = hashOf('sha1', 'CID1|SALE|2997|RX-1|jv-key').slice(0, 8).toUpperCase();
    expect(judge(called('', form.replace(signed, right)), rule)).toBeNull();
    expect(judge(called('', form.replace(signed, right).replace('2997', '9997')), rule)).toBe('signature_wrong');
    expect(judge(called('ctransamount=9997', form.replace(signed, right)), rule)).toBeNull();
  });

  it('holds as Digistore24 makes its sha_sign: name=value and passphrase for each that is not empty', () => {
    const rule: SignatureRule = {
      ...{ ...common, kind: 'sorted-fields', algorithm: 'sha512', param: 'sha_sign', secret: 'pass' },
      ...{ fields: 'name=value', joiner: '', secretAt: 'after-each', skipEmpty: true },
    };
    const text = 'cid=CID1passcurrency=EURpassevent=on_paymentpassorder_id=O1pass';
    const form = `event=on_payment&order_id=O1&empty=&currency=EUR&cid=CID1&sha_sign=${hashOf('sha512', text).toUpperCase()}`;
    expect(judge(called('', form), rule)).toBeNull();
    expect(judge(called('', form.replace('O1', 'O2')), rule)).toBe('signature_wrong');
  });
});

describe('a signature over the bytes as they were sent', () => {
  it('holds for a name in Latin-1 and in UTF-8', () => {
    const rule: SignatureRule = {
      ...{ ...common, kind: 'digest', algorithm: 'sha256', param: 'sig', secret: 'k' },
      template: '{param:name}{param:transaction_id}{secret}',
    };
    const latin = hashOf('sha256', Buffer.concat([Buffer.from([0x42, 0x6a, 0xf8, 0x72, 0x6e]), Buffer.from('N-1k')]));
    expect(judge(called(`name=Bj%F8rn&transaction_id=N-1&sig=${latin}`), rule)).toBeNull();
    const utf8 = hashOf('sha256', 'BjørnN-1k');
    expect(judge(called(`name=Bj%C3%B8rn&transaction_id=N-1&sig=${utf8}`), rule)).toBeNull();
  });
});

describe('settings from before there were several kinds', () => {
  it('are read as an HMAC', () => {
    const hmac = { ...common, algorithm: 'sha1', param: 's', template: '{query}', secret: 'k' } as const;
    expect(signatureOf({ hmac })).toEqual({ kind: 'hmac', ...hmac });
    expect(signatureOf({ hmac: null })).toBeNull();
  });
});
