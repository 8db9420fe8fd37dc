import { describe, expect, it } from '@jest/globals';
import {
  catalogEntryV1,
  hashedTokens,
  keysOfEntry,
  mapCatalogSecrets,
  network,
  publishedValue,
  renewedValue,
  source,
  staleSecretsOf,
  storedToken,
} from '#contracts';
import { createTokenHash } from '#domain';
import { createSeal } from '#runtime';

const today = 'the secret of today, long enough';
const before = 'the secret of before, long enough';
const keysOf = (kind: 'network' | 'source', secrets: string[]) =>
  keysOfEntry(createSeal(secrets), createTokenHash(secrets), kind, 'acme');

const plainNetwork = network.parse({
  ...{ key: 'acme', name: 'Acme', number: 1 },
  security: {
    secret: { param: 'key', value: 'shared-secret' },
    signature: { kind: 'hmac', algorithm: 'sha256', secret: 'signature-key', param: 'sig', template: '{query}' },
  },
  tokens: [
    { token: 'token-of-today', until: null },
    { token: 'token-before', until: '2026-01-01T00:00:00Z' },
  ],
});
const plainSource = source.parse({
  ...{ key: 'acme', name: 'Acme', number: 1 },
  destination: { url: 'https://ads.example/c?id={click_id}&access_token=abc', secrets: { chat: 'chat-secret' } },
});
const old = keysOf('network', [before]);
const sealedBefore = renewedValue('network', plainNetwork, old)!;

describe('sealing a stored entry again', () => {
  it('seals and hashes everything by the secret of today, and changes nothing when it is so', () => {
    const rotating = keysOf('network', [today, before]);
    const renewed = renewedValue('network', sealedBefore, rotating)!;
    const alone = keysOf('network', [today]);
    expect(staleSecretsOf('network', renewed, alone)).toEqual([]);
    expect(renewedValue('network', renewed, rotating)).toBeNull();
    expect(mapCatalogSecrets('network', renewed, alone.open).security).toEqual(plainNetwork.security);
    expect(renewed.tokens.map(({ token }) => alone.open(token!))).toEqual(['token-of-today', 'token-before']);
    expect(renewed.tokens.map(({ hash }) => hash)).toEqual(['token-of-today', 'token-before'].map(alone.tokenHash.of));
    expect(network.parse(renewed)).toEqual(renewed);
  });

  it('seals what is stored readable: tokens of an earlier release, and settings that were written by hand', () => {
    for (const [kind, plain] of [
      ['network', plainNetwork],
      ['source', plainSource],
    ] as const) {
      const keys = keysOf(kind, [today]);
      expect(staleSecretsOf(kind, plain, keys).every(({ state }) => state === 'plain')).toBe(true);
      const renewed = renewedValue(kind, plain, keys)!;
      expect(JSON.stringify(renewed)).not.toMatch(
        /shared-secret|signature-key|token-of-today|token-before|=abc|chat-s/,
      );
      expect(staleSecretsOf(kind, renewed, keys)).toEqual([]);
    }
  });

  it('leaves what it cannot open, hash included, and names each with its reason', () => {
    const without = keysOf('network', [today]);
    expect(renewedValue('network', sealedBefore, without)).toBeNull();
    expect(staleSecretsOf('network', sealedBefore, without)).toEqual(
      [
        ...['security.secret.value', 'security.signature.secret'],
        ...['tokens.0', 'tokens.0.hash', 'tokens.1', 'tokens.1.hash'],
      ].map((place) => ({ place, state: 'unknown' })),
    );
  });

  it('names what was moved from another entry, and what an older secret sealed', () => {
    const ofAnother = keysOfEntry(createSeal([today]), createTokenHash([today]), 'network', 'globex');
    const keys = keysOf('network', [today, before]);
    const value = { ...sealedBefore, tokens: [storedToken('token', null, ofAnother)] };
    expect(staleSecretsOf('network', value, keys).map(({ place, state }) => `${place} ${state}`)).toEqual([
      'security.secret.value former',
      'security.signature.secret former',
      'tokens.0 damaged',
    ]);
  });
});

describe('the tokens of a network on the topic', () => {
  it('are their hashes alone, in a form that every reader takes', () => {
    const published = publishedValue('network', sealedBefore);
    expect(published.tokens).toEqual(sealedBefore.tokens.map(({ hash, until }) => ({ hash, until })));
    const entry = { kind: 'network', key: 'acme', version: 1, changedAt: '2026-01-01T00:00:00Z', value: published };
    expect(catalogEntryV1.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
    expect(publishedValue('source', plainSource)).toBe(plainSource);
  });

  it('of an earlier release, readable or sealed, are hashed by their reader', () => {
    const sealed = { token: old.seal('token-before'), until: null };
    const hashes = hashedTokens([...plainNetwork.tokens, sealed], old);
    expect(hashes).toEqual([
      { hash: old.tokenHash.of('token-of-today'), until: null },
      { hash: old.tokenHash.of('token-before'), until: '2026-01-01T00:00:00Z' },
      { hash: old.tokenHash.of('token-before'), until: null },
    ]);
  });
});
