import { describe, expect, it } from '@jest/globals';
import { lintDestination, type LintContext, type LintedDestination } from './destination-lint.js';

const lint = (fields: Partial<LintedDestination>, context: Partial<LintContext> = {}) =>
  lintDestination(
    {
      url: 'https://ads.example/c?id={click_id}&v={value}',
      method: 'GET',
      headers: {},
      body: null,
      signing: null,
      secrets: {},
      onReversal: null,
      onRestatement: null,
      ...fields,
    },
    { tokens: null, ...context },
  );
const codes = (fields: Partial<LintedDestination>, context: Partial<LintContext> = {}) =>
  lint(fields, context).map(({ code, where }) => `${code} ${where}`);

describe('a template is looked over before it is saved', () => {
  it('and a secret that no template says is pointed out', () => {
    const onReversal = { url: 'https://ads.example/{secret.b}', method: 'GET', headers: {}, body: null };
    const fields = { url: 'https://ads.example/{secret.a}?id={click_id}', onReversal };
    expect(codes({ ...fields, secrets: { a: '1', b: '2' } })).toEqual(['click_id_missing onReversal.url']);
    expect(codes({ ...fields, secrets: { a: '1', b: '2', c: '3' } })).toContain('secret_unused secrets.c');
    expect(codes({ ...fields, secrets: { a: '1' } })[0]).toBe('secret_unknown onReversal.url');
  });

  it('and one that is fine raises nothing', () => {
    expect(lint({})).toEqual([]);
    expect(
      lint({
        method: 'POST',
        url: 'https://ads.example/v18.0/123456789/events?access_token=EAABsb',
        body: '{"data":[{"event_name":"{event|default:Purchase}","value":{value},"currency":"{currency}","id":"{click_id}"}]}',
      }),
    ).toEqual([]);
  });

  it.each([
    ['https://ads.example/c?id={click_id}&a=REPLACE', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=XXXX', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=INSERT', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=change_me', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=YOUR_ID', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=<<ACCOUNT>>', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=${SUBID}', 'leftover'],
    ['https://ads.example/c?id={{click_id}}', 'leftover'],
    ['https://ads.example/c?id=%7Bclick_id%7D', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=[account_number]', 'leftover'],
    ['https://ads.example/c?id={click_id}&a=__CLICKID__', 'leftover'],
    ['https://ads.example/NAMEOFADVERTISER/at?id={click_id}', 'leftover'],
    ['https://ads.example/c?id={click_id&v={value}', 'leftover'],
    ['https://ads.example/c?id={click_id}&v=value}', 'leftover'],
    ['https://ads.example/c{?id={click_id}', 'leftover'],
    ['https://ads.example/c?id={Click_ID}', 'macro_unknown'],
    ['https://ads.example/c?id={click_id}&t={tokn.zone}', 'macro_unknown'],
    ['https://ads.example/c?id={click_id}&v={value|scal:2}', 'filter_unknown'],
    ['https://{click_id}.ads.example/', 'macro_in_host'],
    ['https://ads.example/c?id={click_id}&s=#s2#', 'leftover'],
    ['https://ads.example/c?id={click_id}#top', 'url_fragment'],
    ['https://ads.example/c?id={click_id}&q=[=XID1=]', 'leftover'],
    ['https://ads.example/c?id=CLICK_ID', 'leftover'],
    ['https://ads.example/c?id={click_id}&aid=AID', 'leftover'],
  ])('%s cannot be saved: %s', (url, code) => {
    const errors = lint({ url }).filter(({ severity }) => severity === 'error');
    expect(errors.map((finding) => finding.code)).toContain(code);
    expect(errors.every(({ where }) => where === 'url')).toBe(true);
  });

  it.each([
    ['${SUBID}', '{click_id}'],
    ['##CLICK_ID##', '{click_id}'],
    ['{ value }', '{value}'],
    ['{click-id}', '{click_id}'],
    ['{{ctoken}}', null],
    ['{!revenue!}', '{value}'],
    ['{status:lead=reg sale=dep}', '{status|map:pending=reg,approved=dep}'],
    ['{status:sale=1,rejected=3}', '{status|map:approved=1,rejected=3,reversed=3}'],
    ['{conversion_revenue:usd}', '{value}'],
    ['{var:zone}', '{token.zone}'],
    ['{event|default:{status}}', '{event}'],
    ['{date:Y-m-d}', '{time|date:YYYY-MM-DD HH:mm:ss}'],
  ])('%s of another tracker is one problem, and means %s', (text, suggestion) => {
    expect(lint({ url: `https://ads.example/c?id={click_id}&x=${text}` })).toMatchObject([
      { code: 'leftover', text, suggestion },
    ]);
  });

  it.each([
    ['application/xml', '<conversion>\n <id>{click_id}</id><v>{value}</v>\n</conversion>'],
    ['text/plain', '[Sale] {click_id} <b>{value}</b>'],
    ['', '{"id":"{click_id}","text":"<b>{value}</b> [new] Click here","values":[{value}],"custom":{}}'],
    ['', '{"id":"{click_id}","your_id":"7","todo":"x","idType":"ORDER_ID","action":"replace"}'],
    ['application/x-json', '{"id":"{click_id}"}'],
    ['', 'your_id=7&id={click_id}&list[]=[1]&action=replace'],
  ])('and the language of a receiver (%s) is no leftover: %s', (type, body) => {
    const headers: Record<string, string> = type === '' ? {} : { 'Content-Type': type };
    expect(lint({ url: 'https://ads.example/c', method: 'POST', headers, body })).toEqual([]);
  });

  it('but a macro of another tracker in one is', () => {
    const bodies = [
      ['text/xml', '<id>{click_id}</id><a>YOUR_ID</a>'],
      ['application/json', '{"id":"{click_id}","a":"[PAYOUT]"}'],
      ['application/json', '{"id":"{click_id}","a":{{value}}}'],
      ['application/json', '{"id":"{click_id"}'],
      ['application/x-www-form-urlencoded', 'id={click_id}&a=__CLICKID__'],
    ];
    for (const [type = '', body = ''] of bodies)
      expect(codes({ method: 'POST', headers: { 'Content-Type': type }, body })).toEqual(['leftover body']);
  });

  it('with a suggestion where one is near', () => {
    expect(lint({ url: 'https://ads.example/c?id={{click_id}}' })[0]?.suggestion).toBe('{click_id}');
    expect(lint({ url: 'https://ads.example/c?id={clickid}' })[0]?.suggestion).toBe('{click_id}');
    expect(lint({ url: 'https://ads.example/c?id={click_id' })[0]?.suggestion).toBe('{click_id}');
  });

  it('in its headers, body and the template for reversals too', () => {
    expect(codes({ headers: { Authorization: 'Bearer YOUR_TOKEN' } })).toEqual(['leftover headers.Authorization']);
    expect(codes({ method: 'POST', body: '{"a": {value}' })).toEqual(['body_not_json body']);
    expect(
      codes({ onReversal: { url: 'https://ads.example/undo?id={clickid}', method: 'GET', headers: {}, body: null } }),
    ).toContain('macro_unknown onReversal.url');
  });

  it('with a header that the signing makes itself: a call would carry it twice', () => {
    const signed: Parameters<typeof codes>[0] = { signing: { kind: 'standard-webhooks', secrets: ['s'] } };
    const onReversal = {
      url: 'https://ads.example/undo?id={click_id}',
      method: 'GET',
      headers: { 'webhook-id': '1' },
      body: null,
    };
    expect(codes({ ...signed, headers: { 'Webhook-Signature': 'v1,x', 'Webhook-Url': 'x' }, onReversal })).toEqual([
      'header_reserved headers.Webhook-Signature',
      'header_reserved onReversal.headers.webhook-id',
    ]);
    expect(codes({ headers: { 'Webhook-Id': '{delivery_id}' } })).toEqual([]);
  });

  it('and warns of a signature that is used nowhere: the calls would not be signed', () => {
    const signing = { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', template: '{value}', secret: 's' } as const;
    expect(codes({ signing })).toEqual(['signature_unused signing']);
    expect(codes({ signing, url: 'https://ads.example/c?id={click_id}&s={signature}' })).toEqual([]);
  });

  it('and warns of what may be meant so', () => {
    expect(codes({ url: 'https://ads.example/c?v={value}' })).toEqual(['click_id_missing url']);
    expect(codes({}, { clicks: { seen: 500, withId: 0 } })).toEqual(['click_id_never_sent url']);
    expect(codes({}, { clicks: { seen: 500, withId: 1 } })).toEqual([]);
    expect(codes({}, { clicks: { seen: 3, withId: 0 } })).toEqual([]);
    expect(codes({ method: 'GET', body: 'click={click_id}' })).toEqual(['body_with_get body']);
    expect(codes({ url: 'http://ads.example/c?id={click_id}' })).toEqual(['not_encrypted url']);
  });

  it('and takes an id that was sent with the sale for enough in what corrects it', () => {
    const correction = {
      url: 'https://ads.example/undo?order={conversion_id}',
      method: 'GET',
      headers: {},
      body: null,
    };
    expect(codes({ onReversal: correction, onRestatement: correction })).toEqual([]);
    expect(codes({ url: 'https://ads.example/c?order={conversion_id}' })).toEqual(['click_id_missing url']);
  });

  it.each([
    ['https://ads.example/c?id={click_id}&amount_cents={value}', '{value|cents}'],
    ['https://ads.example/c?id={click_id}&valueCents={payout}', '{payout|cents}'],
    ['https://ads.example/c?id={click_id}&value_micros={value}', '{value|scale:1000000|int}'],
  ])('%s counts in smaller units: perhaps %s', (url, suggestion) => {
    expect(lint({ url })).toMatchObject([{ code: 'amount_in_whole_units', severity: 'warning', suggestion }]);
  });

  it.each([
    'action=insert',
    'method=put&x=change',
    'amount_cents={value|cents}',
    'percent={value}',
    'recent={value}',
    'v={value}&cents=1',
  ])('and nothing is wrong with %s', (query) =>
    expect(lint({ url: `https://ads.example/c?id={click_id}&${query}` })).toEqual([]),
  );

  it('says which words of a map are no state of a conversion', () => {
    const of = (map: string) => lint({ url: `https://ads.example/c?id={click_id}&s={status|map:${map}}` });
    expect(of('sale=1,approvd=2')).toMatchObject([
      { code: 'state_unknown', severity: 'warning', suggestion: 'approved' },
      { code: 'state_unknown', severity: 'warning', suggestion: 'approved' },
    ]);
    expect(of('approved=1,rejected=2,*=0')).toEqual([]);
    expect(lint({ url: 'https://ads.example/c?id={click_id}&s={event|map:sale=1}' })).toEqual([]);
  });

  it('knows the tokens of the source', () => {
    const url = 'https://ads.example/c?id={click_id}&z={token.Zone}';
    expect(lint({ url }, { tokens: ['zone'] })).toMatchObject([{ code: 'token_unknown', suggestion: '{token.zone}' }]);
  });
});
