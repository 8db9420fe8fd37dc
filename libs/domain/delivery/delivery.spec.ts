import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chosenDestination, decideDelivery, factsToSend, needlessReason, shareOf } from './delivery.js';
import {
  compileDestination,
  destinationLookup,
  templateKindFor,
  valueFor,
  type ConversionFacts,
  type DestinationRules,
} from './destination.js';
import { previewDelivery } from './delivery-preview.js';
import { nanosPerUnit } from '../money/money.js';
import { noRates } from '../money/rates.js';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const rules: DestinationRules = {
  url: 'https://ads.example/c?id={click_id}&v={value}',
  method: 'GET',
  headers: {},
  body: null,
  when: { statuses: ['approved'], events: [], minAmount: null, marks: [] },
  frequency: 'state',
  valueScale: '1',
  valueCurrency: null,
  sharePercent: 100,
  successWhen: { statuses: ['2xx'], bodyMatches: null, bodyMustNotMatch: null },
  retryWhen: { statuses: [], bodyMatches: null },
  signing: null,
  secrets: {},
  maxAgeDays: 30,
  onReversal: null,
  onRestatement: null,
};
const facts: ConversionFacts = {
  conversionId: '5f0c1b7e-2d4a-8c3f-9b1e-6a7d8c9e0f12',
  revision: 1,
  networkKey: 'acme',
  campaignKey: 'spring',
  sourceKey: 'ads',
  offerKey: 'shoes',
  clickId: 'c1',
  clickedAtMs: nowMs - 1000,
  externalId: 'ext-1',
  externalIdRaw: 'ext-1',
  tokens: {},
  visitor: null,
  event: null,
  transactionId: 'T1',
  state: 'approved',
  previousState: null,
  previousValue: null,
  restored: 0,
  marks: [],
  currency: 'USD',
  value: '12.5',
  occurredAtMs: nowMs - 500,
  suppressDelivery: false,
};
const decide = (rule: Partial<DestinationRules>, fact: Partial<ConversionFacts> = {}) =>
  decideDelivery(compileDestination('source:ads', { ...rules, ...rule }), { ...facts, ...fact }, nowMs, noRates);
const reasonOf = (...given: Parameters<typeof decide>): string | null => {
  const decision = decide(...given);
  return decision.kind === 'unmatched' ? decision.reason : decision.unsendable;
};
const when = (fields: Partial<DestinationRules['when']>) => ({ when: { ...rules.when, ...fields } });
const undo = { url: 'https://ads.example/undo?id={click_id}', method: 'GET', headers: {}, body: null };

describe('the least amount of a destination', () => {
  it('is in the currency that it counts in, and before its scale', () => {
    const perEuro: Record<string, bigint> = { USD: 1_250_000_000n, EUR: nanosPerUnit };
    const of = (rule: Partial<DestinationRules>) =>
      decideDelivery(
        compileDestination('source:ads', { ...rules, valueCurrency: 'EUR', ...rule }),
        facts,
        nowMs,
        (currency) => perEuro[currency] ?? null,
      );
    expect(of(when({ minAmount: '10.01' }))).toEqual({ kind: 'unmatched', reason: 'amount' });
    expect(of({ ...when({ minAmount: '10' }), valueScale: '0.5' })).toMatchObject({ kind: 'owed', unsendable: null });
  });
});

describe('a conversion whose amount has changed', () => {
  const restate = { ...undo, url: 'https://ads.example/restate?id={click_id}&v={value}' };
  const idOf = (...given: Parameters<typeof decide>) => {
    const decision = decide(...given);
    return decision.kind === 'owed' ? { id: decision.delivery.id, follows: decision.delivery.follows } : null;
  };
  const again = { revision: 2, previousState: 'approved' as const, previousValue: '12.5', value: '8' };
  it('is sent by a template of its own, behind what was sent before', () => {
    const sent = idOf({ onRestatement: restate });
    const restated = idOf({ onRestatement: restate }, again);
    expect(restated?.id).not.toBe(sent?.id);
    expect([sent?.follows, restated?.follows]).toEqual([false, true]);
    expect(
      previewDelivery(
        'source:ads',
        { ...rules, onRestatement: restate },
        { ...facts, ...again },
        { nowMs, rates: noRates },
      ).request?.target,
    ).toBe('/restate?id=ext-1&v=8');
  });
  it('is not restated where nothing was known before, where its state changed, or where only its marks did', () => {
    const sent = idOf({ onRestatement: restate });
    for (const fact of [
      { ...again, previousValue: null },
      { ...again, previousState: 'pending' as const },
      { ...again, previousValue: '8' },
    ])
      expect(idOf({ onRestatement: restate }, fact)).toEqual(sent);
    expect(idOf({}, again)).toEqual(sent);
  });
});

describe('a sale whose amount has changed, to an ad network that may not know of it', () => {
  const restating = { ...when({ statuses: ['pending', 'approved'], minAmount: '10' }), onRestatement: undo };
  const worth = (value: string) => ({ previousState: 'approved' as const, previousValue: '12.5', value });
  const sentBy = (
    lastReceived: ConversionFacts['state'] | null,
    value: string,
    rule: Partial<DestinationRules> = {},
  ) => {
    const own = { ...rules, ...restating, ...rule };
    const now = { ...facts, ...worth(value) };
    expect(decide(own, now).kind).toBe('owed');
    return (
      needlessReason({ rules: own }, now, lastReceived, noRates) ??
      templateKindFor(own, factsToSend(own, now, lastReceived))
    );
  };
  it.each<[string, ReturnType<typeof sentBy>, string]>([
    ['is restated where it was sent', sentBy('approved', '11'), 'onRestatement'],
    ['is restated though it is too small now', sentBy('approved', '5'), 'onRestatement'],
    ['is sent as a sale where nothing was', sentBy(null, '11'), 'main'],
    ['is sent as a sale where it was taken back', sentBy('reversed', '11'), 'main'],
    ['is sent as a sale where only the pending one was sent', sentBy('pending', '11'), 'main'],
    [
      'is restated there, where only the first state is sent',
      sentBy('pending', '11', { frequency: 'first' }),
      'onRestatement',
    ],
    ['is not sent where nothing was and it is too small', sentBy(null, '5'), 'nothing_to_restate'],
  ])('%s', (_title, sent, expected) => expect(sent).toBe(expected));
});

describe('a click that may be known by one of several ids', () => {
  const body = '{"gclid":"{click_id|omit:click}","gbraid":"{token.gbraid|omit:click}","v":{value}}';
  const rule = { url: 'https://ads.example/c', method: 'POST', body };
  it('is sent by any of them, and not sent without one', () => {
    expect(reasonOf(rule)).toBeNull();
    expect(reasonOf(rule, { externalId: null, externalIdRaw: null, tokens: { gbraid: 'b' } })).toBeNull();
    expect(reasonOf(rule, { externalId: null, externalIdRaw: null })).toBe('external_id_missing');
    expect(reasonOf(rule, { externalId: null, externalIdRaw: '{gclid}' })).toBe('external_id_macro');
  });
});

describe('a token with a name that every object has', () => {
  it('is missing like any other where the click did not bring it', () => {
    const body = '{"c":"{click_id|omit:click}","k":"{token.constructor|omit:click}"}';
    const rule = { url: 'https://ads.example/c?t={token.toString}', method: 'POST', body };
    expect(reasonOf(rule, { externalId: null, externalIdRaw: null })).toBe('external_id_missing');
    const destination = compileDestination('source:ads', { ...rules, ...rule });
    const call = destination.main.render(
      destinationLookup(destination, facts, { deliveryId: 'd', nowMs, rates: noRates }),
    );
    expect([call.target, call.body]).toEqual(['/c?t=', '{"c":"ext-1"}']);
  });
});

describe('which destination receives a conversion', () => {
  const of = (key: string, destination: string | null) => ({ key, destination });

  it('the campaign’s own takes the place of the source’s, and never are both sent', () => {
    expect(chosenDestination(of('c', 'own'), of('s', 'general'))).toEqual({ key: 'campaign:c', settings: 'own' });
    expect(chosenDestination(of('c', null), of('s', 'general'))).toEqual({ key: 'source:s', settings: 'general' });
    expect(chosenDestination(of('c', null), of('s', null))).toBeNull();
    expect(chosenDestination(undefined, undefined)).toBeNull();
  });
});

describe('when a conversion is sent', () => {
  it.each<[string, Parameters<typeof decide>, string | null]>([
    ['an approved one is', [{}], null],
    ['a pending one is not, unless asked for', [{}, { state: 'pending' }], 'status'],
    ['a pending one is when asked for', [when({ statuses: ['pending'] }), { state: 'pending' }], null],
    ['a reversed one is not, unless asked for', [{}, { state: 'reversed' }], 'status'],
    ['a reversed one is where there is a template for reversals', [{ onReversal: undo }, { state: 'reversed' }], null],
    [
      'a rejected one is not where the pending one was not sent',
      [{ onReversal: undo }, { state: 'rejected' }],
      'status',
    ],
    [
      'a rejected one is where the pending one was sent',
      [{ onReversal: undo, ...when({ statuses: ['pending'] }) }, { state: 'rejected' }],
      null,
    ],
    ['an event that is not listed is not', [when({ events: ['deposit'] }), { event: 'signup' }], 'event'],
    ['no event is not, where events are listed', [when({ events: ['deposit'] })], 'event'],
    ['a listed event is', [when({ events: ['deposit'] }), { event: 'deposit' }], null],
    ['a listed event is, in whatever case', [when({ events: ['FTD'] }), { event: 'ftd' }], null],
    ['a late one is not', [{}, { marks: ['late'] }], 'mark'],
    ['a late one is when asked for', [when({ marks: ['late'] }), { marks: ['late'] }], null],
    ['a test is not', [when({ marks: ['late'] }), { marks: ['late', 'test'] }], 'mark'],
    ['less than the minimum is not', [when({ minAmount: '12.51' })], 'amount'],
    ['the minimum is', [when({ minAmount: '12.5' })], null],
    [
      'a reversal is, whatever its amount',
      [{ onReversal: undo, ...when({ minAmount: '99' }) }, { state: 'reversed' }],
      null,
    ],
    ['a suppressed one is not', [{}, { suppressDelivery: true }], 'suppressed'],
    [
      'one older than the destination takes is kept back',
      [{ maxAgeDays: 7 }, { occurredAtMs: nowMs - 8 * 86_400_000 }],
      'too_old',
    ],
    [
      'one without the source’s id is kept back',
      [{}, { externalId: null, externalIdRaw: null }],
      'external_id_missing',
    ],
    [
      'one with the source’s own macro for an id is kept back',
      [{}, { externalId: null, externalIdRaw: '${SUBID}' }],
      'external_id_macro',
    ],
    [
      'one without the source’s id is sent where the template can do without',
      [{ url: 'https://ads.example/?x={click_id|default:none}&t={transaction_id}' }, { externalId: null }],
      null,
    ],
    ['one of unknown money is kept back', [{}, { value: null, marks: ['money_unknown'] }], 'value_unknown'],
    [
      'one of unknown money is sent where the template names none',
      [{ url: 'https://ads.example/?x={click_id}' }, { value: null }],
      null,
    ],
    [
      'whether unknown money reaches the minimum cannot be said',
      [when({ minAmount: '1' }), { value: null }],
      'value_unknown',
    ],
    [
      'one of unknown currency is kept back where the template names it',
      [{ url: 'https://ads.example/?x={click_id}&c={currency}' }, { currency: null }],
      'currency_unknown',
    ],
    [
      'one of unknown currency is kept back where the template counts in its smallest unit',
      [{ url: 'https://ads.example/?x={click_id}&c={value|cents}' }, { currency: null }],
      'currency_unknown',
    ],
    ['one in another currency is kept back without a rate', [{ valueCurrency: 'EUR' }], 'rate_unknown'],
    ['one of unknown currency cannot be converted', [{ valueCurrency: 'EUR' }, { currency: null }], 'currency_unknown'],
  ])('%s', (_title, given, reason) => {
    expect(reasonOf(...given)).toBe(reason);
  });
});

describe('the value that a destination receives', () => {
  it('is scaled and converted in whole nanos, rounded half to even once each', () => {
    // One euro buys 1.25 dollars.
    const rates = (currency: string) => (currency === 'USD' ? 1_250_000_000n : null);
    expect(valueFor({ valueScale: '0.8', valueCurrency: 'EUR' }, facts, rates)).toEqual({
      value: '8',
      currency: 'EUR',
      missing: null,
    });
    expect(valueFor({ valueScale: '0', valueCurrency: null }, facts, noRates).value).toBe('0');
    expect(nanosPerUnit).toBe(1_000_000_000n);
  });
});

describe('how often a conversion is sent', () => {
  const onceAt = (frequency: DestinationRules['frequency'], fact: Partial<ConversionFacts>) => {
    const decision = decide({ frequency, ...when({ statuses: ['pending', 'approved', 'reversed'] }) }, fact);
    return decision.kind === 'owed' ? decision.delivery.id : null;
  };

  it('once per conversion, per state, or at every change', () => {
    const pending = { state: 'pending', revision: 1 } as const;
    const approved = { state: 'approved', revision: 2 } as const;
    const more = { state: 'approved', revision: 3 } as const;
    const distinct = (frequency: DestinationRules['frequency']) =>
      new Set([pending, approved, more].map((fact) => onceAt(frequency, fact))).size;
    expect([distinct('first'), distinct('state'), distinct('change')]).toEqual([1, 2, 3]);
  });

  it('by an id that any process derives alike, and that is a UUID', () => {
    expect(onceAt('state', {})).toBe(onceAt('state', { revision: 9, value: '1' }));
    expect(onceAt('state', {})).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(onceAt('state', { conversionId: '5f0c1b7e-2d4a-8c3f-9b1e-6a7d8c9e0f13' })).not.toBe(onceAt('state', {}));
  });
});

describe('what an ad network has received', () => {
  const needless = (
    rule: Partial<DestinationRules>,
    fact: Partial<ConversionFacts>,
    lastReceived: ConversionFacts['state'] | null,
  ) => needlessReason({ rules: { ...rules, ...rule } }, { ...facts, ...fact }, lastReceived, noRates);
  const reversed = { state: 'reversed' } as const;
  const rejected = { state: 'rejected' } as const;
  const restored = { state: 'approved', restored: 1 } as const;
  const all = when({ statuses: ['pending', 'approved', 'rejected', 'reversed'] });

  it.each<[string, ReturnType<typeof needless>, string | null]>([
    ['a reversal of nothing is not sent', needless({ onReversal: undo }, reversed, null), 'nothing_to_reverse'],
    ['nor by the destination’s own template', needless(all, reversed, null), 'nothing_to_reverse'],
    ['a reversal of what was sent is', needless({ onReversal: undo }, reversed, 'approved'), null],
    ['a reversal of which only the pending one was sent is', needless(all, reversed, 'pending'), null],
    ['a rejection of nothing is not', needless(all, rejected, null), 'nothing_to_reverse'],
    [
      'a rejection is where only rejections are wanted',
      needless(when({ statuses: ['rejected'] }), rejected, null),
      null,
    ],
    ['a reversal is where only reversals are wanted', needless(when({ statuses: ['reversed'] }), reversed, null), null],
    ['a sale is', needless({}, {}, null), null],
    ['a sale that came back is, after the reversal', needless(all, restored, 'reversed'), null],
    ['it is not, where the reversal was not sent', needless(all, restored, 'approved'), 'already_told'],
    ['it is, where only the pending one was sent', needless(all, restored, 'pending'), null],
    ['it is, where nothing was sent', needless(all, restored, null), null],
    ['a second reversal is', needless(all, { ...reversed, restored: 1 }, 'approved'), null],
    [
      'it is not, where the sale between was not sent',
      needless(all, { ...reversed, restored: 1 }, 'reversed'),
      'already_told',
    ],
    ['each change is, where each is wanted', needless({ ...all, frequency: 'change' }, restored, 'approved'), null],
    ['a sale that another of its destinations sent is not', needless({}, { revision: 2 }, 'approved'), 'already_told'],
    [
      'a second reversal is not, where only the first sale is sent',
      needless({ frequency: 'first', onReversal: undo }, { ...reversed, restored: 1 }, 'reversed'),
      'already_told',
    ],
    [
      'a state after the first is not, where the first is wanted',
      needless({ frequency: 'first' }, {}, 'pending'),
      'already_told',
    ],
  ])('%s', (_title, reason, expected) => expect(reason).toBe(expected));

  it('sends a sale that came back by an id of its own, the same however often it is derived', () => {
    const idOf = (fact: Partial<ConversionFacts>, rule: Partial<DestinationRules> = all) => {
      const decision = decide(rule, fact);
      return decision.kind === 'owed' ? decision.delivery.id : null;
    };
    const back = idOf({ ...restored, revision: 3 });
    expect(back).not.toBe(idOf({ revision: 1 }));
    expect(back).toBe(idOf({ ...restored, revision: 4, value: '9' }));
    expect(idOf({ ...restored, restored: 2, revision: 5 })).not.toBe(back);
    const first = { frequency: 'first', onReversal: undo } as const;
    expect(idOf({ ...restored, revision: 3 }, first)).toBe(idOf({}, first));
    expect(idOf({ ...reversed, revision: 2 }, first)).not.toBe(idOf({}, first));
  });
});

describe('a share of the conversions', () => {
  it('is the same ones each time, and more of them at a larger share', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 100 }), (conversionId, sharePercent) => {
        const sent = reasonOf({ sharePercent }, { conversionId }) === null;
        expect(sent).toBe(shareOf(conversionId) < sharePercent);
        if (sent) expect(reasonOf({ sharePercent: Math.min(100, sharePercent + 1) }, { conversionId })).toBeNull();
      }),
    );
    expect(reasonOf({ sharePercent: 0 })).toBe('share');
  });

  it('is close to what was asked for', () => {
    const ids = Array.from({ length: 4000 }, (_, n) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`);
    const sent = ids.filter((id) => shareOf(id) < 30).length;
    expect(sent / ids.length).toBeGreaterThan(0.27);
    expect(sent / ids.length).toBeLessThan(0.33);
  });
});

describe('a preview', () => {
  it('shows the call and whether it would be made', () => {
    expect(previewDelivery('source:ads', rules, facts, { nowMs, rates: noRates })).toMatchObject({
      send: true,
      reason: null,
      request: { method: 'GET', origin: 'https://ads.example', target: '/c?id=ext-1&v=12.5', body: null },
    });
    expect(
      previewDelivery('source:ads', rules, { ...facts, state: 'pending' }, { nowMs, rates: noRates }),
    ).toMatchObject({
      send: false,
      reason: 'status',
    });
    expect(previewDelivery('source:ads', { ...rules, url: 'https://{x}/' }, facts, { nowMs, rates: noRates })).toEqual({
      send: false,
      reason: 'template_error',
      deliveryId: null,
      request: null,
      unwritable: null,
    });
  });

  it('never states a time before the click, though the network states the day only', () => {
    const timed = { ...rules, url: 'https://ads.example/c?id={click_id}&t={time|unix}' };
    const sent = (more: Partial<ConversionFacts>) =>
      previewDelivery('source:ads', timed, { ...facts, ...more }, { nowMs, rates: noRates }).request?.target;
    const unix = (ms: number) => `/c?id=ext-1&t=${Math.floor(ms / 1000)}`;
    const midnightMs = Date.parse('2026-03-01T00:00:00Z');
    expect(sent({ occurredAtMs: midnightMs })).toBe(unix(nowMs - 1000));
    expect(sent({ occurredAtMs: midnightMs, clickedAtMs: null })).toBe(unix(midnightMs));
    expect(sent({ occurredAtMs: nowMs + 5000 })).toBe(unix(nowMs + 5000));
  });

  it('names the value that cannot be written', () => {
    const of = (url: string, externalId: string) =>
      previewDelivery('source:ads', { ...rules, url }, { ...facts, externalId }, { nowMs, rates: noRates });
    expect(of('https://ads.example/c?v={value|int}&id={click_id|int}', 'abc')).toMatchObject({
      send: false,
      reason: 'template_error',
      unwritable: { code: 'not_a_number', text: '{click_id|int}', message: '"abc" is not a number' },
    });
    expect(of('https://ads.example/{click_id}', '..').unwritable).toMatchObject({ code: 'path_segment', text: '' });
  });

  it('puts the HMAC where the template wants it', () => {
    const signing = {
      kind: 'hmac',
      algorithm: 'sha256',
      encoding: 'hex',
      template: '{click_id}:{value}',
      secret: 's3',
    } as const;
    const url = 'https://ads.example/c?id={click_id}&sig={signature}';
    const { request } = previewDelivery('source:ads', { ...rules, url, signing }, facts, { nowMs, rates: noRates });
    // echo -n 'ext-1:12.5' | openssl dgst -sha256 -hmac s3
    expect(request?.target).toBe('/c?id=ext-1&sig=1872c5edc739a316b6ef22c5f2bb9c9ce85b57b72833bf128e43c358c597b8d3');
  });
});
