import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { unknownMacrosIn, destinationMacros } from './macro-names.js';
import { compileFilters } from './macro-filter.js';
import { compileText, type MacroLookup } from './macro.js';
import { omitMissing } from './json-omission.js';
import { compileUrl } from './url-template.js';

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const sha256 = (text: string) => hash('sha256', text);
const lookupOf =
  (values: Record<string, string>): MacroLookup =>
  (name) =>
    values[name] ?? null;
const url = (template: string, values: Record<string, string>) =>
  compileUrl(template, { fragment: false }).render(lookupOf(values));
const problemsOf = (work: () => unknown): string[] => {
  try {
    work();
    return [];
  } catch (thrown) {
    return (thrown as { problems: { code: string }[] }).problems.map((problem) => problem.code);
  }
};

describe('macros in a URL', () => {
  it('renders the postback of the trade', () => {
    const template = 'https://adnetwork.example.com/conversion?click_id={click_id}&conversion_value={value}';
    expect(url(template, { click_id: 'abc-1', value: '12.5' })).toBe(
      'https://adnetwork.example.com/conversion?click_id=abc-1&conversion_value=12.5',
    );
  });

  it('keeps constants to the byte', () => {
    const template = "HTTP://Ads.Example.com:80/A%2fb//c/?A=%7e&&b=+%20!$'()*,;:@/?&c";
    expect(url(template, {})).toBe(template);
  });

  it.each([
    ['a&b=c', 'a%26b%3Dc'],
    ['ü €', '%C3%BC%20%E2%82%AC'],
    ['100%', '100%25'],
    ["it's(1)*!", 'it%27s%281%29%2A%21'],
    ['\r\nX: y', '%0D%0AX%3A%20y'],
    ['\ud800', '%EF%BF%BD'],
  ])('encodes the value %j in a query', (value, expected) => {
    expect(url('https://a.example/?x={click_id}', { click_id: value })).toBe(`https://a.example/?x=${expected}`);
  });

  it('encodes once, twice or leaves raw what a template says so of', () => {
    const values = { click_id: 'a/b%2Fc&d' };
    expect(url('https://a.example/?x={click_id|encode:2}', values)).toBe('https://a.example/?x=a%252Fb%25252Fc%2526d');
    expect(url('https://a.example/?x={click_id|raw}', values)).toBe('https://a.example/?x=a/b%2Fc&d');
    expect(url('https://a.example/?x={click_id|raw}', { click_id: 'a b\r\n#"é' })).toBe(
      'https://a.example/?x=a%20b%0D%0A%23%22%C3%A9',
    );
  });

  it('does not let a value walk the path', () => {
    const render = (click: string) => url('https://a.example/api/click/{click_id}/event', { click_id: click });
    expect(render('a/b')).toBe('https://a.example/api/click/a%2Fb/event');
    expect(() => render('..')).toThrow(expect.objectContaining({ code: 'path_segment' }));
    expect(() => render('.')).toThrow(expect.objectContaining({ code: 'path_segment' }));
    expect(render('...')).toContain('/.../');
    for (const value of ['../../admin', 'a/..', 'a\\..\\b', './x'])
      expect(() => render(value)).toThrow(expect.objectContaining({ code: 'path_segment' }));
    expect(() => url('https://a.example/p/{click_id|raw}', { click_id: '..?x' })).toThrow();
    expect(render('a..b/c.')).toBe('https://a.example/api/click/a..b%2Fc./event');
  });

  it('never takes the host from a value', () => {
    for (const template of [
      'https://{source}/x',
      'https://a.{source}/x',
      'https://a.example{click_id}',
      '{click_id}',
      'https://a:{x}/',
    ])
      expect(problemsOf(() => compileUrl(template, { fragment: false }))).toEqual(['macro_in_host']);
  });

  it.each([
    ['ftp://a.example/', 'url_scheme'],
    ['a.example/x', 'url_scheme'],
    ['https://user:pw@a.example/', 'url_credentials'],
    ['https://a.example/?s=#s2#', 'url_fragment'],
    ['https://a.example/?s=ü', 'url_characters'],
    ['https://a.example/?s=a b', 'url_characters'],
    ['https://a b/', 'url_unreadable'],
  ])('refuses the URL %s', (template, code) => {
    expect(problemsOf(() => compileUrl(template, { fragment: false }))).toEqual([code]);
  });

  it('knows a question mark inside a filter from the one that begins the query', () => {
    const { renderTarget } = compileUrl('https://a.example/{event|default:?}/x?y={event|default:#}', {
      fragment: false,
    });
    expect(renderTarget(() => null)).toBe('/%3F/x?y=%23');
  });

  it('sends a path even where the template has none', () => {
    expect(compileUrl('https://a.example?x={event}', { fragment: false }).renderTarget(() => 'y')).toBe('/?x=y');
    expect(compileUrl('https://a.example', { fragment: false }).renderTarget(() => null)).toBe('/');
  });

  it('keeps the fragment of an offer URL', () => {
    const offer = compileUrl('https://shop.example/#/p?c={click_id}', { fragment: true });
    expect(offer.render(() => 'a b')).toBe('https://shop.example/#/p?c=a%20b');
  });

  it('cannot be made to add a parameter or leave the host, whatever a value holds', () => {
    const template = compileUrl('https://a.example/p/{event}?x={click_id}&y=1', { fragment: false });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (event, click) => {
        fc.pre(event !== '.' && event !== '..');
        const parsed = new URL(template.render(lookupOf({ event, click_id: click })));
        expect(parsed.host).toBe('a.example');
        expect([...parsed.searchParams.keys()]).toEqual(['x', 'y']);
        expect(parsed.searchParams.get('x')).toBe(click.toWellFormed());
        expect(parsed.pathname.split('/').length).toBe(3);
      }),
    );
  });
});

describe('macros in headers and bodies', () => {
  const value = 'q"\\u\r\n</x>é\u2028';

  it('cannot inject a header', () => {
    const rendered = compileText('Bearer {token.key}', 'header')(lookupOf({ 'token.key': 'a\r\nX-Evil: 1\0é' }));
    expect(rendered).toBe('Bearer a%0D%0AX-Evil: 1%00%C3%A9');
  });

  it('stays one string inside a JSON string', () => {
    const body = compileText(
      '{"id":"{click_id}","nested":{"a":["{click_id|raw}"]}}',
      'json',
    )(lookupOf({ click_id: value }));
    expect(JSON.parse(body)).toEqual({ id: value, nested: { a: [value] } });
  });

  it('writes numbers bare, words in quotes and nothing as null outside of a JSON string', () => {
    const write = compileText('{"v":{value},"s":{status},"n":{event},"\\"q":{value|int}}', 'json');
    expect(write(lookupOf({ value: '12.50', status: 'approved"' }))).toBe(
      '{"v":12.50,"s":"approved\\"","n":null,"\\"q":12}',
    );
    expect(compileText('{"v":{value}}', 'json')(lookupOf({ value: '012' }))).toBe('{"v":"012"}');
  });

  it('keeps an id a text, though it is all digits or looks like a number', () => {
    const write = compileText(
      '{"t":{transaction_id},"z":{token.zone},"s":{status|map:approved=1},"u":{time|unix}}',
      'json',
    );
    const values = {
      transaction_id: '12345678901234567890',
      'token.zone': '1e5',
      status: 'approved',
      time: '1970-01-01T00:00:07Z',
    };
    expect(write(lookupOf(values))).toBe('{"t":"12345678901234567890","z":"1e5","s":1,"u":7}');
    expect(compileText('{"t":{transaction_id|raw}}', 'json')(lookupOf(values))).toBe('{"t":12345678901234567890}');
  });

  it('puts the first that is there of a group, and leaves the others out', () => {
    const template = '{"gclid":"{click_id|omit:click}","gbraid":"{token.gbraid|omit:click}","n":1}';
    const write = (values: Record<string, string>) => omitMissing(compileText(template, 'json')(lookupOf(values)));
    expect(write({ click_id: 'a', 'token.gbraid': 'b' })).toBe('{"gclid":"a","n":1}');
    expect(write({ 'token.gbraid': 'b' })).toBe('{"gbraid":"b","n":1}');
    expect(write({})).toBe('{"n":1}');
  });

  it('leaves out the hash of nothing', () => {
    const write = compileText('{"em":["{token.email|sha256|omit}"],"ph":"{token.phone|digits|sha256|omit}"}', 'json');
    expect(omitMissing(write(lookupOf({ 'token.email': ' ', 'token.phone': '+49 (0)1' })))).toBe(
      `{"ph":"${sha256('4901')}"}`,
    );
  });

  it('is always JSON, whatever the values hold', () => {
    const write = compileText('{"a":"x{click_id}","b":{event},"c":["{token.x|raw}"]}', 'json');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = JSON.parse(write(() => text)) as { a: string };
        expect(parsed.a).toBe(`x${text}`);
      }),
    );
  });

  it('encodes a form field', () => {
    const rendered = compileText('a={click_id}&b=2', 'form')(() => 'x&b=3 +');
    expect([...new URLSearchParams(rendered)]).toEqual([
      ['a', 'x&b=3 +'],
      ['b', '2'],
    ]);
  });
});

describe('filters', () => {
  const filtered = (filters: string, value: string | null) => compileText(`{x|${filters}}`, 'text')(() => value);

  it.each([
    ['map:approved=1,rejected=2', 'approved', '1'],
    ['map:approved=1,rejected=2', 'reversed', 'reversed'],
    ['map:approved=1,*=0', 'reversed', '0'],
    ['map:a\\,b=c\\=d', 'a,b', 'c=d'],
    ['scale:0.8|fixed:2', '10', '8.00'],
    ['scale:0.333', '0.1', '0.0333'],
    ['fixed:2', '2.345', '2.34'],
    ['fixed:0', '2.5', '2'],
    ['int', '3.5', '4'],
    ['cents', '12.345', '1234'],
    ['cents', '-0.01', '-1'],
    ['fixed:2', '12345678901234.5', '12345678901234.50'],
    ['unix', '2026-03-01T12:00:00.900Z', '1772366400'],
    ['unix_ms', '2026-03-01T12:00:00.900Z', '1772366400900'],
    ['date:YYYY-MM-DD HH:mm:ss', '2026-03-01T12:00:00.900Z', '2026-03-01 12:00:00'],
    ['date:YYYY-MM-DDTHH:mm:ss.SSSZ,Europe/Berlin', '2026-07-01T22:30:00.005Z', '2026-07-02T00:30:00.005+02:00'],
    ['date:DD/MM/YY [at] HH,-03:30', '2026-01-01T02:00:00Z', '31/12/25 at 22'],
    ['default:-', null, '-'],
    ['default:-', '', '-'],
    ['default:-', 'a', 'a'],
    ['scale:2|default:0', null, '0'],
    ['upper', 'usd', 'USD'],
    ['lower', 'USD', 'usd'],
    ['cut:3', 'abcdef', 'abc'],
    ['cut:3', 'ab😀f', 'ab'],
    ['cut:4', 'ab😀f', 'ab😀'],
    ['md5', ' Jo@Example.com ', hash('md5', 'jo@example.com')],
    ['sha256', ' Jo@Example.com ', sha256('jo@example.com')],
    ['sha256', sha256('jo@example.com').toUpperCase(), sha256('jo@example.com')],
    ['sha256', null, ''],
  ])('%s makes of %j → %j', (filters, value, expected) => {
    expect(filtered(filters, value)).toBe(expected);
  });

  it.each([
    ['{value|cents}', 'USD', '1250'],
    ['{value|cents}', 'JPY', '12'],
    ['{payout|scale:2|cents}', 'KWD', '25000'],
    ['{amount|cents}', 'EUR', '12500'],
    ['{token.sum|cents}', 'JPY', '1250'],
  ])('%s counts in the smallest unit of the amount’s own currency: %s', (template, currency, expected) => {
    const values: Record<string, string> = { currency, amount_currency: 'KWD' };
    expect(compileText(template, 'text')((name) => values[name] ?? '12.5')).toBe(expected);
  });

  it('says which value cannot be read as a number or a time, instead of guessing', () => {
    expect(() => filtered('scale:2', 'abc')).toThrow(expect.objectContaining({ code: 'not_a_number' }));
    expect(() => filtered('int', '1,5')).toThrow(expect.objectContaining({ code: 'not_a_number' }));
    expect(() => filtered('unix', 'yesterday')).toThrow(expect.objectContaining({ code: 'not_a_time' }));
  });

  it.each([
    ['scal:2', 'filter_unknown'],
    ['Scale:2', 'filter_unknown'],
    ['scale', 'filter_argument'],
    ['scale:a', 'filter_argument'],
    ['fixed:12', 'filter_argument'],
    ['int:2', 'filter_argument'],
    ['map:a', 'filter_argument'],
    ['encode:9', 'filter_argument'],
    ['date:Y-m-d', 'filter_argument'],
    ['date:YYYY,Mars/Olympus', 'filter_argument'],
  ])('refuses %s before it is ever used', (filters, code) => {
    expect(problemsOf(() => compileText(`{x|${filters}}`, 'text'))).toEqual([code]);
  });
});

describe('an unknown filter', () => {
  it.each([
    ['scal:2', 'scale:0.8'],
    ['SHA-256', 'sha256'],
    ['unixms', 'unix_ms'],
    ['round:2', 'fixed:2'],
    ['lowercase', 'lower'],
    ['constructor', null],
    ['floor', null],
  ])('%s: suggests %j', (filters, suggestion) => {
    const use = { name: 'x', filters: [{ name: filters.split(':')[0] ?? '', argument: null }] };
    expect(compileFilters(use.filters).problems).toMatchObject([{ code: 'filter_unknown', suggestion }]);
  });
});

describe('macro names', () => {
  const vocabulary = { names: destinationMacros, tokens: ['zone', 'creative', 'campaign_id'] };

  it.each([
    ['{click_id}{value|int}{token.zone}', []],
    ['{Click_Id}', ['{click_id}']],
    ['{clickid}', ['{click_id}']],
    ['{externalid}', ['{click_id}']],
    ['{txid}', ['{transaction_id}']],
    ['{transacton_id}', ['{transaction_id}']],
    ['{zone}', ['{token.zone}']],
    ['{token.Zone}', ['{token.zone}']],
    ['{token_zone}', ['{token.zone}']],
    ['{campaign_id}', ['{token.campaign_id}']],
    ['{offer.name}', ['{offer}']],
    ['{visit.externalId}', ['{click_id}']],
    ['{cnv_status}', ['{status}']],
    ['{payout_currency}', ['{currency}']],
    ['{conversion_time}', ['{time}']],
    ['{cost}', [null]],
    ['{id}', [null]],
    ['{token.nothing}', [null]],
    ['{qwertyuiop}', [null]],
  ])('%s: suggests %j', (template, suggestions) => {
    expect(unknownMacrosIn(template, vocabulary).map((problem) => problem.suggestion)).toEqual(suggestions);
  });
});
