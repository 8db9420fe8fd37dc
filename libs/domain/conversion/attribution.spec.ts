import { describe, expect, it } from '@jest/globals';
import {
  resolveCall,
  type Call,
  type FoundClick,
  type Knowledge,
  type NetworkRules,
  type OfferRules,
} from './attribution.js';
import { commonDialect } from '../reading/dialect.js';
import { readPostback } from '../reading/postback.js';

const open = { requireToken: false, cidrs: [], secret: null, hmac: null };
const network = (key: string, security: NetworkRules['security']): NetworkRules => ({
  key,
  identity: 'transaction',
  duplicates: 'update',
  events: {},
  defaultStatus: 'approved',
  defaultCurrency: 'USD',
  reopens: false,
  locksOnApproval: false,
  timeOf: 'event',
  timeZone: 'UTC',
  security,
});
const networks = [
  network('open', open),
  network('other', open),
  network('closed', { ...open, secret: { param: 'key', value: 'open-sesame' } }),
];
const clickOf = (networkKey: string): FoundClick => ({
  clickId: 'foreign',
  clickedAtMs: 0,
  campaignKey: 'c',
  sourceKey: 's',
  offerKey: 'o',
  networkKey,
  externalId: null,
  externalIdRaw: null,
  tokens: {},
  visitor: null,
  from: 'click',
  cost: null,
  reportTokens: {},
});
const neutral = { id: 'p', receivedAtMs: 1, waitedMs: 0, test: false, suppressDelivery: false, proven: false };
/** Of the network that the click was made for. */
const offerOf = (networkKey: string): OfferRules => ({
  networkKey,
  payout: { mode: 'postback' },
  windowDays: 30,
  minSeconds: 0,
  holdDays: null,
});
const outcome = (
  click: string,
  call: Pick<Call, 'networkKey' | 'authenticatedBy'> & Partial<Call>,
  offer: OfferRules | 'not known' = offerOf(click),
): string => {
  const knows: Knowledge = {
    recognise: () => null,
    click: () => clickOf(click),
    clickInside: () => undefined,
    transactions: () => [],
    network: (key) => networks.find((each) => each.key === key),
    offer: () => (offer === 'not known' ? undefined : offer),
  };
  const { read } = readPostback(
    { method: 'GET', query: 'click_id=foreign&txid=1&amount=2', body: null, contentType: null },
    commonDialect,
  );
  const resolution = resolveCall({ ...neutral, fields: read, ...call }, knows, {
    creditAfterMs: 600_000,
    clicksKeptMs: 1e12,
    expireAfterMs: 1e12,
  });
  if (resolution.kind === 'refused') return resolution.code;
  return resolution.kind === 'reread' || resolution.kind === 'conversion'
    ? `${resolution.kind} ${resolution.network.key}`
    : resolution.kind;
};

describe('a call to another tracker’s path', () => {
  const guessed = { networkKey: 'open', authenticatedBy: 'drop-in' } as const;

  it('is the network’s that uses the path when the click is too', () => {
    expect(outcome('open', guessed)).toBe('conversion open');
  });

  it('is the network’s of its click where they differ, because the path alone proves nothing', () => {
    expect(outcome('other', guessed)).toBe('reread other');
  });

  it('is no way around the proof that the click’s network wants', () => {
    expect(outcome('closed', guessed)).toBe('token_required');
    expect(outcome('closed', { networkKey: null, authenticatedBy: 'none' })).toBe('token_required');
  });

  it('is the network’s whose proof it gave', () => {
    const proven = { networkKey: 'closed', proven: true };
    expect(outcome('closed', { ...proven, authenticatedBy: 'drop-in' })).toBe('conversion closed');
    expect(outcome('closed', { ...proven, authenticatedBy: 'token' })).toBe('conversion closed');
  });
});

describe('a report on a click of another network', () => {
  it('is refused, whatever proof it gives', () => {
    const call = { networkKey: 'open', proven: true, authenticatedBy: 'token' } as const;
    expect(outcome('other', call)).toBe('click_of_other_network');
    expect(outcome('open', call)).toBe('conversion open');
  });
});

describe('a report on a click whose offer is not known yet', () => {
  const call = { networkKey: 'open', authenticatedBy: 'click' } as const;
  const gone = (waitedMs: number): string => outcome('open', { ...call, waitedMs }, 'not known');

  it('waits for it, because the offer says what is paid', () => {
    expect(gone(0)).toBe('orphan');
    expect(outcome('open', call)).toBe('conversion open');
  });

  it('goes by what it says itself when the offer does not come: it was deleted', () => {
    expect(gone(60_000)).toBe('conversion open');
  });
});
