import { describe, expect, it } from '@jest/globals';
import { networkSettings, sourceSettings } from '#contracts';
import { applyNetworkPreset, applySourcePreset, clickUrlOf, fillDestination, postbackUrlOf } from './apply.js';
import { loadNetworkPresets, loadSourcePresets } from './load.js';
import { networkPreset, sourcePreset } from './schema.js';
import type { SourcePreset } from './schema.js';

const network = (key: string) => loadNetworkPresets().get(key)!;
const source = (key: string) => loadSourcePresets().get(key)!;

const asked = (destination: object, names: string[]): SourcePreset =>
  sourcePreset.parse({
    key: 'made-up',
    name: 'Made up',
    confidence: 'T',
    verified: false,
    source: ['https://docs.example.com/postback'],
    externalIdParam: 'click_id',
    externalIdMacro: '{click_id}',
    fields: names.map((name) => ({ name, label: 'A value.', example: 'x' })),
    destination,
    examples: [
      { note: 'One.', click: { externalId: 'a' }, conversion: {}, expected: { url: 'https://ads.example.com/' } },
    ],
  });

describe('a network made from a preset', () => {
  it('keeps what the user states, and adds one status word without losing the others', () => {
    const body = applyNetworkPreset(network('affise'), {
      key: 'acme',
      statusMap: { '5': 'ignored', '9': 'test' },
      defaultCurrency: 'EUR',
      duplicates: 'ignore',
    });
    expect(networkSettings.parse(body)).toMatchObject({
      key: 'acme',
      name: 'Affise',
      preset: 'affise',
      identity: 'transaction+event',
      defaultCurrency: 'EUR',
      duplicates: 'ignore',
      statusMap: { '1': 'approved', '2': 'pending', '3': 'rejected', '5': 'ignored', '9': 'test' },
    });
  });

  it("gets a Postback URL with the network's macros as they are written", () => {
    expect(postbackUrlOf('https://tracker.example.com', 'tok123', network('cake').postback?.template ?? '')).toBe(
      'https://tracker.example.com/postback/tok123?click_id=#s2#&transaction_id=#leadid#&amount=#price#',
    );
    expect(postbackUrlOf('https://tracker.example.com', 'tok123', '')).toBe(
      'https://tracker.example.com/postback/tok123',
    );
  });
});

describe('a source made from a preset', () => {
  it("gets its tokens, cost and destination, with the account's own values in place", () => {
    const { settings, problems } = applySourcePreset(
      source('propellerads'),
      { key: 'push' },
      { POSTBACK_ADDRESS: 'https://ads.example.com/conversion.php', AID: ' 315 ', TID: '7&5' },
    );
    expect(problems).toEqual([]);
    expect(sourceSettings.parse(settings)).toMatchObject({
      key: 'push',
      preset: 'propellerads',
      externalIdParam: 'visitor_id',
      tokens: { zone: 'zone', campaign: 'campaign', creative: 'creative' },
      cost: { model: 'cpc', param: 'cost', currency: 'USD' },
      destination: {
        url: 'https://ads.example.com/conversion.php?aid=315&tid=7%265&visitor_id={click_id}&payout={value}',
      },
    });
  });

  it('needs no values when the user has a destination of their own', () => {
    const own = { key: 'push', destination: { url: 'https://ads.example.com/c?id={click_id}' } };
    const { settings, problems } = applySourcePreset(source('propellerads'), own, {});
    expect(problems).toEqual([]);
    expect(sourceSettings.parse(settings).destination?.url).toBe('https://ads.example.com/c?id={click_id}');
  });

  it('names values that are missing, that it never asked for and that are not allowed there', () => {
    const fill = (values: Record<string, string>) => fillDestination(source('propellerads'), values).problems;
    expect(fill({ POSTBACK_ADDRESS: 'https://ads.example.com/c', AID: ' ' })).toEqual([
      { field: 'AID', code: 'field_missing' },
      { field: 'TID', code: 'field_missing' },
    ]);
    expect(fill({ POSTBACK_ADDRESS: 'https://ads.example.com/c', AID: '1', TID: '2', PID: '3' })).toEqual([
      { field: 'PID', code: 'field_unknown' },
    ]);
    for (const address of [
      'ads.example.com',
      'javascript:x',
      'https://a:b@ads.example.com/',
      'https://{x}/',
      'https://a.example/?q',
    ]) {
      expect(fill({ POSTBACK_ADDRESS: address, AID: '1', TID: '2' })).toEqual([
        { field: 'POSTBACK_ADDRESS', code: 'field_invalid' },
      ]);
    }
  });

  it('says that a value does not look as it must, before every call is refused for it', () => {
    const labelled = Object.fromEntries(source('google-ads').fields.map(({ name, example }) => [name, example]));
    const fill = (more: object) => fillDestination(source('google-ads'), { ...labelled, ...more }).problems;
    expect(fill({ CUSTOMER_ID: ' 1234567890 ' })).toEqual([]);
    expect(fill({ CUSTOMER_ID: '123-456-7890' })).toEqual([{ field: 'CUSTOMER_ID', code: 'field_invalid' }]);
    expect(fill({ ACCESS_TOKEN: 'Bearer ya29.token' })).toEqual([{ field: 'ACCESS_TOKEN', code: 'field_invalid' }]);
  });

  it('accepts a value in a host only if it is a host', () => {
    const fill = (DOMAIN: string) => fillDestination(source('voluum'), { DOMAIN });
    expect(fill('track.example.com').destination.url).toMatch(/^https:\/\/track\.example\.com\/postback\?cid=/);
    for (const host of ['a.example/x', 'a.example#', 'user@a.example', '{click_id}.example', 'a b']) {
      expect(fill(host).problems).toEqual([{ field: 'DOMAIN', code: 'field_invalid' }]);
    }
  });

  it('encodes a value for the path, for JSON, for a form and for a header', () => {
    const preset = asked(
      {
        url: 'https://ads.example.com/<<A>>',
        method: 'POST',
        headers: { Authorization: 'Bearer <<A>>' },
        body: '{"key":"<<A>>"}',
        onReversal: { url: 'https://ads.example.com/back', method: 'POST', body: 'key=<<A>>' },
      },
      ['A'],
    );
    expect(fillDestination(preset, { A: 'a/"b' }).destination).toMatchObject({
      url: 'https://ads.example.com/a%2F%22b',
      headers: { Authorization: 'Bearer a/"b' },
      body: '{"key":"a/\\"b"}',
      onReversal: { body: 'key=a%2F%22b' },
    });
    expect(fillDestination(preset, { A: 'a\r\nX: y' }).problems).toContainEqual({ field: 'A', code: 'field_invalid' });
    expect(fillDestination(preset, { A: '{value}' }).problems).toContainEqual({ field: 'A', code: 'field_invalid' });
  });

  it('keeps a credential in the path of the URL as a secret', () => {
    const { destination, problems } = fillDestination(source('keitaro'), { DOMAIN: 'track.example.com', KEY: 'e8/9' });
    expect(problems).toEqual([]);
    expect(destination).toMatchObject({
      url: expect.stringMatching(/^https:\/\/track\.example\.com\/\{secret\.key\}\/postback\?/),
      secrets: { key: 'e8/9' },
    });
    expect(fillDestination(source('keitaro'), { DOMAIN: 'track.example.com', KEY: '{x}' }).problems).toEqual([
      { field: 'KEY', code: 'field_invalid' },
    ]);
  });

  it("gets a click link with the source's macros, unencoded, for what its settings read", () => {
    const settings = sourceSettings.parse(
      applySourcePreset(source('hilltopads'), { key: 'hill', tokens: { spot: 'spot' } }, { ADVERTISER_ID: '1' })
        .settings,
    );
    expect(clickUrlOf('https://tracker.example.com', 'summer', settings, source('hilltopads'))).toBe(
      'https://tracker.example.com/c/summer?token={{ctoken}}&zone={{zoneid}}&campaign={{campaignid}}' +
        '&creative={{adid}}&cost={{price}}',
    );
  });

  it('gets a click link that names what to put in when there is no preset', () => {
    const settings = sourceSettings.parse({ key: 'own', name: 'Own', tokens: { zone: 'z' } });
    expect(clickUrlOf('https://tracker.example.com', 'summer', settings, null)).toBe(
      'https://tracker.example.com/c/summer?click_id={click_id}&z={zone}',
    );
  });
});

describe('a preset file', () => {
  const good = network('maxbounty');

  it("may call itself verified only for the network's own documentation", () => {
    expect(networkPreset.safeParse({ ...good, verified: true }).success).toBe(false);
    expect(networkPreset.safeParse({ ...good, confidence: 'D' }).success).toBe(false);
    expect(networkPreset.safeParse({ ...good, confidence: 'D', verified: true }).success).toBe(true);
    expect(networkPreset.safeParse({ ...good, confidence: 'M' }).success).toBe(false);
  });

  it('needs its source and an example, and has no unknown field', () => {
    expect(networkPreset.safeParse({ ...good, source: [] }).success).toBe(false);
    expect(networkPreset.safeParse({ ...good, examples: [] }).success).toBe(false);
    expect(networkPreset.safeParse({ ...good, settings: { payout: 'x' } }).success).toBe(false);
    expect(networkPreset.safeParse({ ...good, settings: { security: {} } }).success).toBe(false);
  });

  it('lists exactly the values that its destination asks for', () => {
    expect(() => asked({ url: 'https://ads.example.com/<<A>>' }, ['A'])).not.toThrow();
    expect(() => asked({ url: 'https://ads.example.com/<<A>>' }, [])).toThrow('fields lists exactly');
    expect(() => asked({ url: 'https://ads.example.com/' }, ['A'])).toThrow('fields lists exactly');
    expect(() => asked({ method: 'GET' }, [])).toThrow('a destination needs a url');
  });

  it('states only what it knows: no default of ours hides in it', () => {
    expect(Object.keys(good.settings)).toEqual(['defaultCurrency']);
    expect(Object.keys(source('evadav').destination)).toEqual(['url']);
  });
});
