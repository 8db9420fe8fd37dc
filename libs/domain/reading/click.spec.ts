import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseByWeight, isVisit, readClick, type ClickDialect } from './click.js';
import { readParameters } from './call/parameters.js';

const dialect: ClickDialect = {
  externalIdParam: 'click_id',
  tokens: { zone: 'zoneid', campaign: 'cmp' },
  cost: { model: 'cpc', param: 'bid', amount: null, currency: 'USD' },
};
const read = (query: string, more: Partial<ClickDialect> = {}) =>
  readClick(readParameters({ method: 'GET', query, body: null, contentType: null }).list, { ...dialect, ...more });

describe('what a click link says', () => {
  it('is the source’s id, its tokens and its price', () => {
    expect(read('Click_ID=aB%2F1&zoneid=click&cmp=9&bid=0.015')).toEqual({
      externalId: 'aB/1',
      externalIdRaw: 'aB/1',
      tokens: { zone: 'click', campaign: '9' },
      cost: { model: 'cpc', amountNanos: '15000000', currency: 'USD', raw: '0.015' },
    });
  });

  it('is missing where a macro was not replaced', () => {
    expect(read('click_id=${SUBID}&zoneid={zone}&bid=[BID]')).toEqual({
      externalId: null,
      externalIdRaw: '${SUBID}',
      tokens: {},
      cost: { model: 'cpc', amountNanos: null, currency: 'USD', raw: '[BID]' },
    });
  });

  it('costs what was agreed where the link carries no price, and nothing is known of a price that cannot be read', () => {
    const cost = { ...dialect.cost, amount: '0.2' };
    expect(read('', { cost }).cost?.amountNanos).toBe('200000000');
    expect(read('bid=cheap', { cost }).cost).toMatchObject({ amountNanos: null, raw: 'cheap' });
    expect(read('bid=0.1+EUR', { cost }).cost).toMatchObject({ amountNanos: '100000000', currency: 'EUR' });
    expect(read('bid=1', { cost: { ...cost, model: 'none' } }).cost).toBeNull();
  });
});

describe('the choice of an offer', () => {
  it('follows the weights', () => {
    const offers = [
      { key: 'a', weight: 1 },
      { key: 'none', weight: 0 },
      { key: 'b', weight: 3 },
    ];
    const counts = new Map<string, number>();
    for (let step = 0; step < 1000; step += 1) {
      const key = chooseByWeight(offers, step / 1000)?.key ?? '';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({ a: 250, b: 750 });
  });

  it('is always one with a weight, whatever the weights and the chance', () => {
    const weights = fc.array(fc.record({ weight: fc.double({ min: 0, max: 1e6, noNaN: true }) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (offers, random) => {
        const chosen = chooseByWeight(offers, random);
        expect(chosen === null).toBe(offers.every(({ weight }) => weight === 0));
        expect(chosen?.weight).not.toBe(0);
      }),
    );
  });
});

describe('a visit', () => {
  it.each([
    ['GET', {}, true],
    ['GET', { 'user-agent': 'Mozilla/5.0 (iPhone)' }, true],
    ['HEAD', {}, false],
    ['GET', { purpose: 'prefetch' }, false],
    ['GET', { 'sec-purpose': 'prefetch;prerender' }, false],
    ['GET', { 'x-moz': 'prefetch' }, false],
    ['GET', { 'user-agent': 'facebookexternalhit/1.1' }, false],
    ['GET', { 'user-agent': 'WhatsApp/2.23' }, false],
  ])('%s with %j: %p', (method, headers, expected) => {
    expect(isVisit({ method, headers })).toBe(expected);
  });
});
