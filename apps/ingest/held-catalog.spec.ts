import { describe, expect, it } from '@jest/globals';
import { network, offer, renewedValue, keysOfEntry, source, type CatalogEntryV1 } from '#contracts';
import { createTokenHash } from '#domain';
import { createLog, createSeal } from '#runtime';
import { createHeldCatalog } from './held-catalog.js';

const today = 'the secret of today, long enough';
const other = 'another secret, long enough too';
const secretsOf = (...secrets: string[]) => ({ seal: createSeal(secrets), tokenHash: createTokenHash(secrets) });
const log = createLog('ingest', 'silent');
const changedAt = '2026-01-01T00:00:00.000Z';

const acme = (version: number, secret: string, name = 'Acme'): CatalogEntryV1 => {
  const value = network.parse({
    ...{ key: 'acme', name, number: 1, tokens: [{ token: 'acme-token', until: null }] },
    security: { requireToken: false, secret: { param: 'key', value: 'shared-secret' } },
  });
  const { seal, tokenHash } = secretsOf(secret);
  const sealed = renewedValue('network', value, keysOfEntry(seal, tokenHash, 'network', 'acme'))!;
  return { kind: 'network', key: 'acme', version, changedAt, value: sealed };
};
const hashes = createTokenHash([today]).all('acme-token');

describe('the catalog that ingest holds', () => {
  it('has secrets of networks readable in memory alone, tokens as hashes, and no destination at all', () => {
    const held = createHeldCatalog(secretsOf(today), log);
    held.apply(acme(1, today));
    const destination = { url: 'https://ads.example/c?id={click_id}', secrets: { chat: 'chat-secret' } };
    const value = source.parse({ key: 'ads', name: 'Ads', number: 1, destination });
    held.apply({ kind: 'source', key: 'ads', version: 1, changedAt, value });
    expect(held.view.network('acme')?.security.secret?.value).toBe('shared-secret');
    expect(held.view.isSecret('shared-secret')).toBe(true);
    expect(held.view.networkByToken(hashes, 0)?.key).toBe('acme');
    expect(held.view.source('ads')?.destination).toBeNull();
    expect(JSON.stringify(held.entries())).not.toMatch(/acme-token|shared-secret|chat-secret/);
  });

  it('accepts what a release before published: tokens that are readable', () => {
    const held = createHeldCatalog(secretsOf(today), log);
    const value = network.parse({ key: 'acme', name: 'A', number: 1, tokens: [{ token: 'acme-token', until: null }] });
    held.apply({ kind: 'network', key: 'acme', version: 1, changedAt, value });
    expect(held.view.networkByToken(hashes, 0)?.key).toBe('acme');
    expect(JSON.stringify([held.entries(), held.view.entries()])).not.toContain('acme-token');
  });

  it('goes on with the version before when an entry cannot be opened, and with all the others', () => {
    const held = createHeldCatalog(secretsOf(today), log);
    held.apply(acme(1, today));
    held.apply(acme(2, other, 'Acme by another secret'));
    const value = offer.parse({
      key: 'shoes',
      networkKey: 'acme',
      url: 'https://shop.example/?c={click_id}',
      number: 1,
    });
    held.apply({ kind: 'offer', key: 'shoes', version: 3, changedAt, value });
    expect(held.view.network('acme')?.name).toBe('Acme');
    expect(held.view.offer('shoes')).toBeDefined();
    expect([held.unreadable(), held.withheld.size]).toEqual([1, 0]);
    held.apply(acme(4, today, 'Acme again'));
    expect([held.view.network('acme')?.name, held.unreadable()]).toEqual(['Acme again', 0]);
  });

  it('withholds a network of which it can open nothing, until it can', () => {
    const held = createHeldCatalog(secretsOf(today), log);
    held.apply(acme(1, other));
    expect([[...held.withheld], held.unreadable()]).toEqual([['acme'], 1]);
    held.apply({ kind: 'source', key: 'acme', version: 2, changedAt, value: null });
    expect([...held.withheld]).toEqual(['acme']);
    held.apply(acme(3, today));
    expect([held.withheld.size, held.unreadable()]).toEqual([0, 0]);
    expect(held.view.networkByToken(hashes, 0)?.key).toBe('acme');
  });

  it('has nothing left of a network that was deleted while it was withheld', () => {
    const held = createHeldCatalog(secretsOf(today), log);
    held.apply(acme(1, other));
    held.apply({ kind: 'network', key: 'acme', version: 2, changedAt, value: null });
    expect([held.withheld.size, held.unreadable(), held.view.network('acme')]).toEqual([0, 0, undefined]);
  });
});
