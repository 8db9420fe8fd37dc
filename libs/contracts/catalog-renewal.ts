import { mapCatalogSecrets, type CatalogValue } from './catalog-secrets.js';
import type { CatalogKind, Network } from './catalog.v1.js';
import type { EntryKeys } from './network-tokens.js';

/** The rotation of `CAROM_SECRET` for one stored catalog value: everything sealed and hashed again
 *  by the secret of today, and what is not. */

type Token = Network['tokens'][number];
const tokensOf = (kind: CatalogKind, value: CatalogValue): Token[] =>
  kind === 'network' ? (value as unknown as Network).tokens : [];

const renewedToken = (stored: Token, keys: EntryKeys): Token => {
  if (stored.token === undefined) return stored;
  const token = keys.renew(stored.token);
  if (stored.hash !== undefined && keys.tokenHash.stateOf(stored.hash) === 'current') return { ...stored, token };
  try {
    return { ...stored, token, hash: keys.tokenHash.of(keys.open(token)) };
  } catch {
    // The hash stays with a token that cannot be opened: ingest may still accept it.
    return { ...stored, token };
  }
};

/** The value with everything sealed and hashed by the secret of today. What cannot be opened stays
 *  as it is. Null: nothing changes. */
export const renewedValue = <V extends CatalogValue>(kind: CatalogKind, value: V, keys: EntryKeys): V | null => {
  const sealed = mapCatalogSecrets(kind, value, keys.renew);
  const renewed =
    kind === 'network'
      ? { ...sealed, tokens: tokensOf(kind, value).map((stored) => renewedToken(stored, keys)) }
      : sealed;
  return JSON.stringify(renewed) === JSON.stringify(value) ? null : renewed;
};

/** A secret that the secret of today does not protect.
 *  - `plain`: not sealed at all
 *  - `former`: by an older secret, or in the form of an earlier release
 *  - `unknown`: by a secret that CAROM_SECRET does not hold
 *  - `damaged`: changed, cut, or moved from another entry */
export type StaleSecret = { place: string; state: 'plain' | 'former' | 'unknown' | 'damaged' };

export const staleSecretsOf = (kind: CatalogKind, value: CatalogValue, keys: EntryKeys): StaleSecret[] => {
  const stale: StaleSecret[] = [];
  const note = (place: string, state: StaleSecret['state'] | 'current'): void => {
    if (state !== 'current') stale.push({ place, state });
  };
  const judge = (text: string): StaleSecret['state'] | 'current' => {
    const state = keys.stateOf(text);
    if (state === 'plain' || state === 'unknown') return state;
    try {
      keys.open(text);
      return state;
    } catch {
      return 'damaged';
    }
  };
  mapCatalogSecrets(kind, value, (secret, path) => {
    note(path, judge(secret));
    return secret;
  });
  for (const [index, { token, hash }] of tokensOf(kind, value).entries()) {
    if (token !== undefined) note(`tokens.${index}`, judge(token));
    note(`tokens.${index}.hash`, hash === undefined ? 'plain' : keys.tokenHash.stateOf(hash));
  }
  return stale;
};
