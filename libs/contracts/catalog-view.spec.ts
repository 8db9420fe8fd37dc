import { describe, expect, it } from '@jest/globals';
import { createCatalogView } from './catalog-view.js';
import { catalogEntryV1, networkSettings, offerSettings, type CatalogEntryV1 } from './catalog.v1.js';

const changedAt = '2026-01-01T00:00:00.000Z';
const network = (version: number, hash: string, until: string | null = null): CatalogEntryV1 => ({
  kind: 'network',
  key: 'acme',
  version,
  changedAt,
  value: { ...networkSettings.parse({ key: 'acme', name: `Acme ${version}` }), number: 1, tokens: [{ hash, until }] },
});

describe('the catalog in memory', () => {
  it('keeps the newest version whatever the order of arrival', () => {
    const view = createCatalogView();
    view.apply(network(2, 'new'));
    view.apply(network(1, 'old'));
    expect(view.network('acme')?.name).toBe('Acme 2');
    expect(view.networkByToken(['old'], 0)).toBeUndefined();
    expect(view.networkByToken(['by another secret', 'new'], 0)?.key).toBe('acme');
  });

  it('lets a rotated token live until its end', () => {
    const view = createCatalogView();
    view.apply(network(1, 'leaving', '2026-01-02T00:00:00.000Z'));
    expect(view.networkByToken(['leaving'], Date.parse('2026-01-01T23:59:59Z'))).toBeDefined();
    expect(view.networkByToken(['leaving'], Date.parse('2026-01-02T00:00:01Z'))).toBeUndefined();
  });

  it('knows the shared secret of any network, as long as one has it', () => {
    const view = createCatalogView();
    const secretive = (key: string, version: number, value: string | null) => {
      const security = { secret: value === null ? null : { param: 'key', value } };
      const settings = networkSettings.parse({ key, name: key, security });
      view.apply({ ...network(version, key), key, value: { ...settings, number: 1, tokens: [] } } as CatalogEntryV1);
    };
    secretive('acme', 1, 'open-sesame');
    secretive('globex', 1, 'open-sesame');
    secretive('acme', 2, 'another');
    expect(['open-sesame', 'another', ''].map((text) => view.isSecret(text))).toEqual([true, true, false]);
    secretive('globex', 2, null);
    expect(view.isSecret('open-sesame')).toBe(false);
  });

  it('forgets what was deleted, by key and by number', () => {
    const view = createCatalogView();
    const value = {
      ...offerSettings.parse({ key: 'shoes', networkKey: 'acme', url: 'https://shop.example/?c={click_id}' }),
      number: 7,
    };
    view.apply({ kind: 'offer', key: 'shoes', version: 1, changedAt, value });
    expect(view.offerByNumber(7)?.key).toBe('shoes');
    view.apply({ kind: 'offer', key: 'shoes', version: 2, changedAt, value: null });
    expect(view.offer('shoes')).toBeUndefined();
    expect(view.offerByNumber(7)).toBeUndefined();
  });
});

describe('catalog settings', () => {
  it('refuse a field that does not exist', () => {
    expect(networkSettings.safeParse({ key: 'acme', name: 'Acme', parms: {} }).success).toBe(false);
  });

  it('survive the way over the topic with every default filled in', () => {
    const entry = network(3, 'token');
    expect(catalogEntryV1.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  });
});
