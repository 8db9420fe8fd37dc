import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { compileRequest, type RequestTemplate } from './destination-template.js';
import type { TemplateError } from '../template/template-problem.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const render = (fields: Partial<RequestTemplate>, values: Record<string, string> = {}) =>
  compileRequest({ url: 'https://ads.example/e', method: 'POST', headers: {}, body: null, ...fields }, null).render(
    (name) => values[name] ?? null,
  );
const codesOf = (fields: Partial<RequestTemplate>): string[] => {
  try {
    render(fields);
    return [];
  } catch (thrown) {
    return (thrown as { problems: { code: string }[] }).problems.map(({ code }) => code);
  }
};

describe('a destination’s template', () => {
  it('says what its body is, unless a header does', () => {
    expect(render({ body: '{"a":1}' }).headers).toEqual({ 'Content-Type': 'application/json' });
    expect(render({ body: 'a={click_id}' }, { click_id: 'x&y' })).toMatchObject({
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'a=x%26y',
    });
    expect(
      render({ body: '<a>{click_id}</a>', headers: { 'content-type': 'application/xml' } }, { click_id: 'x' }),
    ).toMatchObject({
      headers: { 'content-type': 'application/xml' },
      body: '<a>x</a>',
    });
    expect(render({}).headers).toEqual({});
  });

  it('sends the secret of {secret.name}, encoded for its place, and shows the call without it', () => {
    const url = 'https://chat.example/bot{secret.chat}/send?sig={signature}&k={secret.key|sha256}&id={click_id}';
    const names = { tokens: null, secrets: ['chat', 'key'] };
    const template = {
      url,
      method: 'POST',
      headers: { Authorization: 'Bearer {secret.key}' },
      body: '{"k":"{secret.key}"}',
    };
    const signing = { kind: 'hmac', algorithm: 'md5', encoding: 'hex', template: '{secret.key}', secret: 's' } as const;
    const values: Record<string, string> = { 'secret.chat': '12:A/B', 'secret.key': 'k"1', click_id: 'x' };
    const call = compileRequest(template, signing, names).render((name) => values[name] ?? null);
    const [, signature] = /sig=([0-9a-f]{32})/.exec(call.target) ?? [];
    expect(call).toMatchObject({
      target: `/bot12%3AA%2FB/send?sig=${signature}&k=${sha256('k"1')}&id=x`,
      shownTarget: `/bot***/send?sig=${signature}&k=${sha256('***')}&id=x`,
      headers: { Authorization: 'Bearer k"1' },
      body: '{"k":"k\\"1"}',
    });
    expect(render({ url: 'https://ads.example/e?id={click_id}' }, { click_id: 'x' }).shownTarget).toBe('/e?id=x');
  });

  it('may name only a secret that is kept, and ask of it nothing that a number or a time is asked', () => {
    const problemsOf = (url: string) => {
      try {
        compileRequest({ url, method: 'GET', headers: {}, body: null }, null, { tokens: null, secrets: ['chat_key'] });
        return [];
      } catch (thrown) {
        return (thrown as TemplateError).problems.map(({ code, suggestion }) => [code, suggestion]);
      }
    };
    expect(problemsOf('https://chat.example/{secret.chatkey}')).toEqual([['secret_unknown', '{secret.chat_key}']]);
    expect(problemsOf('https://chat.example/{secret.chat_key|int}')).toEqual([
      ['filter_argument', '{secret.chat_key}'],
    ]);
    expect(problemsOf('https://{secret.chat_key}.example/')).toEqual([['macro_in_host', null]]);
    expect(problemsOf('https://chat.example/{secret.chat_key|raw}')).toEqual([]);
  });

  it('may not sign its own signature: it would sign nothing', () => {
    const url = 'https://ads.example/e?s={signature}';
    const signing = { kind: 'hmac', algorithm: 'md5', encoding: 'hex', template: '{signature}', secret: 's' } as const;
    const template = { url, method: 'GET', headers: {}, body: null };
    expect(() => compileRequest(template, signing)).toThrow('{signature}');
    expect(() => compileRequest(template, { ...signing, template: '{click_id}' })).not.toThrow();
  });

  it('names every problem, wherever it is', () => {
    const several = { url: 'https://{x}/', headers: { A: '{value|nope}' }, body: '{"a":"{clickid}"}' };
    expect(codesOf(several)).toEqual(['macro_in_host', 'filter_unknown', 'macro_unknown', 'macro_unknown']);
    expect(codesOf({ headers: { A: 'tést' } })).toEqual(['header_characters']);
    for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'Expect'])
      expect(codesOf({ headers: { [name]: 'x' } })).toEqual(['header_reserved']);
    expect(codesOf({ headers: { 'X-A': '1', 'x-a': '2' } })).toEqual(['header_repeated']);
    expect(codesOf({ url: 'https://ads.example/?s={signature}' })).toEqual(['macro_unknown']);
  });

  it('leaves out of a JSON body what is not there, where it says so', () => {
    const body =
      '{"user":{"em":["{token.email|sha256|omit}"],"ph":["{token.phone|sha256|omit}"],"ip":{ip|omit},"x":[]},"geo":{"zip":"{token.zip|omit}"},"v":{value}}';
    const values = { 'token.email': 'Jo@Example.com ', value: '12.5' };
    expect(JSON.parse(render({ body }, values).body ?? '')).toEqual({
      user: { em: ['f4e19df2e6c609fbd59a42b9063d0fadf44260218531ea21ad8c575f205c0453'], x: [] },
      v: 12.5,
    });
  });

  it('leaves a JSON body as it is, to the byte, when everything is there', () => {
    const body = '{ "b" : 1.50,  "a":"{ip|omit}" , "u":"\\u00e9" }';
    expect(render({ body }, { ip: '203.0.113.9' }).body).toBe('{ "b" : 1.50,  "a":"203.0.113.9" , "u":"\\u00e9" }');
  });

  it('keeps the digits of an id in a body of which something is left out', () => {
    const body = '{"id":{transaction_id|raw},"v":{value},"n":[1.50],"em":"{token.email|omit}"}';
    expect(render({ body }, { transaction_id: '12345678901234567890', value: '12.50' }).body).toBe(
      '{"id":12345678901234567890,"v":12.50,"n":[1.50]}',
    );
  });

  it('sends a click id that looks like our own mark of something left out', () => {
    const click_id = '\\u0000carom:omit\\u0000';
    const headers = { 'Content-Type': 'text/plain' };
    expect(render({ headers, body: 'sale {click_id}' }, { click_id }).body).toBe(`sale ${click_id}`);
    expect(JSON.parse(render({ body: '{"a":"{click_id}","b":"{ip|omit}"}' }, { click_id }).body ?? '')).toEqual({
      a: click_id,
    });
  });

  it('leaves out a member whose name is not there', () => {
    expect(render({ body: '{"{token.zone|omit}":1,"a":"{token.zone|omit}","b":2}' }).body).toBe('{"b":2}');
  });

  it('refuses to leave out what is not a member of a JSON body', () => {
    expect(codesOf({ url: 'https://ads.example/?a={ip|omit}' })).toEqual(['filter_argument']);
    expect(codesOf({ body: 'a={ip|omit}' })).toEqual(['filter_argument']);
  });
});
