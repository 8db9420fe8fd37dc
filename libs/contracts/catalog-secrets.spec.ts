import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { testCertificate } from '../../test/support/certificate.js';
import { problemsOf, warningsOf } from './catalog-rules.js';
import { changeDestination, destinationSecrets, secretsInUrl, withoutSecrets } from './catalog-secrets.js';
import { destinationSettings, sourceSettings } from './catalog.v1.js';

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const places = (fields: object): Record<string, string> => {
  const found: Record<string, string> = {};
  changeDestination(destinationSettings.parse({ url: 'https://ads.example/c', ...fields }), (secret, path) => {
    found[path] = secret;
    return secret;
  });
  return found;
};

describe('constants of a template that are secrets', () => {
  it.each<[string, object, Record<string, string>]>([
    [
      'in a query',
      { url: 'https://ads.example/c?id={click_id}&access_token=EA%3DAB&v=1' },
      { 'destination.url.access_token': 'EA%3DAB' },
    ],
    ['under short names', { url: 'https://ads.example/c?key=k1#x' }, { 'destination.url.key': 'k1' }],
    [
      'each of two under one name',
      { url: 'https://ads.example/c?token=a&token=b' },
      { 'destination.url.token': 'a', 'destination.url.token.2': 'b' },
    ],
    [
      'in a JSON body',
      { body: '{"api_key": "k\\"1", "data": [{"clientSecret":"s"}]}' },
      { 'destination.body.api_key': 'k\\"1', 'destination.body.clientsecret': 's' },
    ],
    ['in a form', { body: 'token=t&id={click_id}' }, { 'destination.body.token': 't' }],
    [
      'of a reversal',
      { onReversal: { url: 'https://ads.example/u?token=t' } },
      { 'destination.onReversal.url.token': 't' },
    ],
  ])('are found %s', (_where, fields, expected) => expect(places(fields)).toEqual(expected));

  it.each([
    'https://ads.example/c?key={click_id}',
    'https://ads.example/c?token=a{click_id}',
    'https://ads.example/c?author=me&keyword=shoes&event=token',
    'https://ads.example/token/c?monkey=1',
  ])('are none in %s', (url) => expect(places({ url })).toEqual({}));

  it('are changed in their place, and no other byte changes', () => {
    const url = 'https://ads.example//c?%7e&token=t&&x={value|fixed:2}&password=p#';
    const changed = changeDestination(destinationSettings.parse({ url }), (secret) => `<${secret}>`);
    expect(changed.url).toBe(url.replace('token=t', 'token=<t>').replace('password=p', 'password=<p>'));
    expect(secretsInUrl(url)).toEqual(
      [
        ['token=', 't'],
        ['password=', 'p'],
      ].map(([name, secret]) => [expect.stringMatching(name as string), secret]),
    );
    expect(destinationSecrets(destinationSettings.parse({ url: 'https://ads.example/c?token=long-enough' }))).toEqual([
      'long-enough',
    ]);
  });

  it('are hidden in an answer however a filter wrote them or the receiver spells them', () => {
    const settings = destinationSettings.parse({
      url: 'https://ads.example/{secret.key|upper}?m={secret.key|md5}&e={secret.odd|encode:2}',
      secrets: { key: 's3cret-key', odd: 'qu"ote/sl ash*', more: 's3cret-key-2' },
      onReversal: { url: 'https://ads.example/{secret.key|sha256}', method: 'GET' },
    });
    const said = [
      's3cret-key S3CRET-KEY s3cret-key-2',
      hash('md5', 's3cret-key'),
      hash('sha256', 's3cret-key'),
      'qu"ote/sl ash* qu\\"ote/sl ash* qu\\"ote\\/sl ash*',
      'qu%22ote%2Fsl%20ash%2A qu%2522ote%252Fsl%2520ash%252A qu%22ote%2Fsl%20ash*',
    ];
    expect(withoutSecrets(said.join('|'), destinationSecrets(settings))).toBe(
      '*** *** ***|***|***|*** *** ***|*** *** ***',
    );
  });
});

describe('what a receiver echoes', () => {
  it('is shown without a secret that begins as another one does', () => {
    const secrets = { short: 'abcd', long: 'abcd-efgh' };
    const destination = destinationSettings.parse({ url: 'https://ads.example/{secret.short}', secrets });
    expect(withoutSecrets('abcd and abcd-efgh', destinationSecrets(destination))).toBe('*** and ***');
  });
});

describe('a client certificate', () => {
  const { cert, key } = testCertificate;
  const brokenBehind = `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`;
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'sec1',
    format: 'pem',
  });
  it.each<[string, object, string[]]>([
    ['that is good', { cert, key }, []],
    ['with another one’s key', { cert, key: otherKey }, ['destination.clientCertificate.key key_invalid']],
    ['that is none', { cert: 'x', key }, ['destination.clientCertificate.cert certificate_invalid']],
    ['whose chain is broken', { cert: brokenBehind, key }, ['destination.clientCertificate.cert certificate_invalid']],
  ])('%s is judged when it is saved, and not at each connection', (_which, clientCertificate, problems) => {
    const destination = { url: 'https://ads.example/c?id={click_id}', clientCertificate };
    const found = problemsOf('source', sourceSettings.parse({ key: 'a', name: 'A', destination }));
    expect(found.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  });
});

describe('advice about a template with a secret', () => {
  it('shows the secret as the template itself is shown', () => {
    const destination = destinationSettings.parse({ url: 'http://ads.example/c?id={click_id}&access_token=abc' });
    const [advice] = warningsOf(destination, { tokens: null, clicks: null });
    expect(advice).toMatchObject({
      code: 'not_encrypted',
      text: 'http://ads.example/c?id={click_id}&access_token=[redacted]',
    });
  });

  it('says too which token the source of a campaign does not have', () => {
    const destination = destinationSettings.parse({ url: 'https://ads.example/c?id={click_id}&z={token.Zone}' });
    expect(warningsOf(destination, { tokens: ['zone'] })).toMatchObject([
      { code: 'token_unknown', where: 'destination.url', suggestion: '{token.zone}' },
    ]);
    expect(warningsOf(destination, { tokens: ['Zone'] })).toEqual([]);
  });
});
