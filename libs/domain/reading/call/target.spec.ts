import { describe, expect, it } from '@jest/globals';
import { pathOf, queryOf, redactKey, redactToken, routableTarget } from './target.js';

describe('a Postback URL as people write it', () => {
  it.each([
    ['/postback?a=1', '/postback', 'a=1'],
    ['/postback/?a=1', '/postback', 'a=1'],
    ['//postback?a=1', '/postback', 'a=1'],
    ['/Postback?A=1', '/postback', 'A=1'],
    ['/postback&a=1&b=2', '/postback', 'a=1&b=2'],
    ['/postback?a=#s2#&b=%', '/postback', 'a=#s2#&b=%'],
    ['https://track.example.com//Click.php?a=1', '/click.php', 'a=1'],
    ['http://track.example.com?a=1', '', 'a=1'],
    ['/', '/', ''],
    ['', '', ''],
  ])('%s is %s with %s', (target, path, query) => {
    expect([pathOf(target), queryOf(target)]).toEqual([path, query]);
  });

  it('is brought to its route without its question mark too', () => {
    expect(routableTarget('/postback/abc&a=1&b=2')).toBe('/postback/abc?a=1&b=2');
    expect(routableTarget('/postback?a=1&b=2')).toBe('/postback?a=1&b=2');
  });

  it.each([
    ['/postback/abc?x=1', '/postback/[redacted]?x=1'],
    ['//postback//abc/?x=1', '//postback//[redacted]/?x=1'],
    ['/postback/abc&x=1', '/postback/[redacted]&x=1'],
    ['http://track.example.com/postback/abc?x=1', 'http://track.example.com/postback/[redacted]?x=1'],
  ])('shows no token: %s', (target, shown) => expect(redactToken(target)).toBe(shown));

  it.each([
    ['/abc/postback?x=1', '/[redacted]/postback?x=1'],
    ['https://track.example.com//abc/postback', 'https://track.example.com//[redacted]/postback'],
  ])('shows no key: %s', (target, shown) => expect(redactKey(target)).toBe(shown));
});
