import { describe, expect, it } from '@jest/globals';
import { lintDestination, type LintContext, type LintedDestination } from './template-lint.js';

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
    ['https://ads.example/c?id={click_id}&s=#s2#', 'url_fragment'],
  ])('%s cannot be saved: %s', (url, code) => {
    const errors = lint({ url }).filter(({ severity }) => severity === 'error');
    expect(errors.map((finding) => finding.code)).toContain(code);
    expect(errors.every(({ where }) => where === 'url')).toBe(true);
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

  it('and warns of what may be meant so', () => {
    expect(codes({ url: 'https://ads.example/c?v={value}' })).toEqual(['click_id_missing url']);
    expect(codes({}, { clicks: { seen: 500, withId: 0 } })).toEqual(['click_id_never_sent url']);
    expect(codes({}, { clicks: { seen: 500, withId: 1 } })).toEqual([]);
    expect(codes({}, { clicks: { seen: 3, withId: 0 } })).toEqual([]);
    expect(codes({ method: 'GET', body: 'click={click_id}' })).toEqual(['body_with_get body']);
    expect(codes({ url: 'http://ads.example/c?id={click_id}' })).toEqual(['not_encrypted url']);
  });

  it('and takes an id that was told with the sale for enough in what corrects it', () => {
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

  it('knows the tokens of the source', () => {
    const url = 'https://ads.example/c?id={click_id}&z={token.Zone}';
    expect(lint({ url }, { tokens: ['zone'] })).toMatchObject([{ code: 'token_unknown', suggestion: '{token.zone}' }]);
  });
});
