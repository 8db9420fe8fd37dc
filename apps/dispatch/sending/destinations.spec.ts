import { describe, expect, it } from '@jest/globals';
import { network, source, type CatalogEntryV1 } from '#contracts';
import { createSeal } from '#runtime';
import { createDestinations } from './destinations.js';

const today = createSeal(['the secret of today, long enough']);
const other = createSeal(['another secret, long enough too']);
const changedAt = '2026-01-01T00:00:00.000Z';

const entryOf = (key: string, version: number, { seal } = today, url = 'https://ads.example/'): CatalogEntryV1 => {
  const destination = {
    url: `${url}{secret.chat}?id={click_id}`,
    secrets: { chat: seal('chat-secret', `source:${key}`) },
  };
  const value = source.parse({ key, name: key, number: version, destination });
  return { kind: 'source', key, version, changedAt, value };
};
const open = () => {
  const reported: string[] = [];
  const destinations = createDestinations(({ kind, key }) => void reported.push(`${kind}:${key}`));
  return { destinations, reported, apply: (entry: CatalogEntryV1) => destinations.applySealed(entry, today.open) };
};

describe('the destinations of the catalog', () => {
  it('whose secrets cannot be opened are reported, and break no other', () => {
    const { destinations, reported, apply } = open();
    apply(entryOf('bad', 1, other));
    apply(entryOf('good', 2));
    expect(destinations.of(null, 'bad')?.broken).toBe('its secrets cannot be opened');
    expect(destinations.of(null, 'good')?.settings.secrets).toEqual({ chat: 'chat-secret' });
    expect([reported, destinations.unreadable()]).toEqual([['source:bad'], 1]);
    apply(entryOf('bad', 3));
    expect([destinations.of(null, 'bad')?.broken, destinations.unreadable()]).toEqual([null, 0]);
  });

  it('go on as they were when a newer version cannot be opened', () => {
    const { destinations, apply } = open();
    apply(entryOf('ads', 1));
    apply(entryOf('ads', 2, other, 'https://elsewhere.example/'));
    expect(destinations.of(null, 'ads')?.settings.url).toBe('https://ads.example/{secret.chat}?id={click_id}');
    expect(destinations.unreadable()).toBe(1);
  });

  it('refuse a secret that was copied from another source', () => {
    const { destinations, apply } = open();
    apply({ ...entryOf('victim', 1), kind: 'source', key: 'thief' } as CatalogEntryV1);
    expect(destinations.of(null, 'thief')?.broken).toBe('its secrets cannot be opened');
  });

  it('are all that dispatch opens: the secrets of networks stay sealed', () => {
    const opened: string[] = [];
    const destinations = createDestinations(() => undefined);
    const security = { secret: { param: 'key', value: today.seal('shared', 'network:acme') } };
    const value = network.parse({ key: 'acme', name: 'Acme', number: 1, tokens: [], security });
    const entry: CatalogEntryV1 = { kind: 'network', key: 'acme', version: 1, changedAt, value };
    destinations.applySealed(entry, (text) => (opened.push(text), text));
    expect(opened).toEqual([]);
  });
});
