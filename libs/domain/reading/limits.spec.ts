import { describe, expect, it } from '@jest/globals';
import { addProblem, type Parameter, type ReadingProblem } from './call/parameter.js';
import { readParameters } from './call/parameters.js';
import { readClick } from './click.js';
import { commonDialect } from './dialect.js';
import { findOwnClicks } from './own-clicks.js';
import { readPostback } from './postback.js';

/** Limits of reading whose removal no expensive call would show. */

const json = (text: string) =>
  readParameters({ method: 'POST', query: '', body: Buffer.from(text), contentType: 'application/json' });
const nested = (levels: number): string => `{"a":${'['.repeat(levels)}1${']'.repeat(levels)},"transaction_id":"T"}`;

describe('a call is read no further than its limits', () => {
  it('JSON to a depth of eight levels; what is beside it is read', () => {
    const shallow = json(nested(7));
    expect([shallow.list.map(({ value }) => value), shallow.problems]).toEqual([['1', 'T'], []]);
    const deep = json(nested(8));
    expect(deep.list.map(({ value }) => value)).toEqual(['T']);
    expect(deep.problems).toEqual([{ code: 'nested_too_deep', param: null }]);
  });

  it('problems to five of one code, each parameter once', () => {
    const problems: ReadingProblem[] = [];
    for (let round = 0; round < 2; round += 1)
      for (let number = 0; number < 20; number += 1) addProblem(problems, 'value_too_long', `p${number}`);
    addProblem(problems, 'macro_unreplaced', 'p0');
    expect(problems.map(({ param }) => param)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p0']);
  });

  it.each([
    ['click_id', 'clickId', 200],
    ['transaction_id', 'transactionId', 500],
    ['event', 'event', 100],
    ['amount', 'amount', 200],
  ] as const)('%s to its length: a longer one is no value', (param, field, maxLength) => {
    const readOf = (length: number) =>
      readPostback(
        { method: 'GET', query: `${param}=${'7'.padStart(length, '0')}`, body: null, contentType: null },
        commonDialect,
        () => null,
      );
    const longest = readOf(maxLength).read[field]?.value;
    expect(longest).toBe(field === 'amount' ? '7' : '7'.padStart(maxLength, '0'));
    expect(readOf(maxLength + 1).read[field]?.value ?? null).toBeNull();
    const code = field === 'amount' ? 'amount_unreadable' : 'value_too_long';
    expect(readOf(maxLength + 1).problems.map((problem) => problem.code)).toContain(code);
  });

  it('tokens of a click to 2,000 characters: what is longer is cut', () => {
    const value = 't'.repeat(3_000);
    const { list } = readParameters({ method: 'GET', query: `zone=${value}`, body: null, contentType: null });
    const cost = { model: 'none', param: null, amount: null, currency: 'USD' } as const;
    const click = readClick(list, { externalIdParam: 'id', tokens: { zone: 'zone' }, cost });
    expect(click.tokens['zone']).toHaveLength(2_000);
  });

  it('words in the form of a click id to fifty, alone or inside of a text: each costs a MAC', () => {
    const word = `k${'0'.repeat(31)}`;
    const parameter = (value: string): Parameter => ({ name: 'x', value, raw: value, isJsonNumber: false });
    const triedOf = (list: readonly Parameter[]): number => {
      let tried = 0;
      findOwnClicks(list, () => {
        tried += 1;
        return null;
      });
      return tried;
    };
    expect(triedOf(Array.from({ length: 200 }, () => parameter(word)))).toBe(50);
    expect(triedOf([parameter(`${word} `.repeat(60))])).toBe(50);
    expect(triedOf(Array.from({ length: 60 }, () => parameter(`in ${word} of a text`)))).toBe(50);
  });
});
