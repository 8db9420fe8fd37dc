import type { TokenHash } from '#domain';
import { entryNameOf } from './catalog-secrets.js';
import type { CatalogKind, Network } from './catalog.v1.js';

/** The tokens of a network in their three forms: readable in the API of console, sealed beside
 *  their hash in Postgres, the hash alone on the topic and in ingest. */

type Token = Network['tokens'][number];
type SealState = 'plain' | 'current' | 'former' | 'unknown';

/** `Seal` of libs/runtime. */
type SealOfEntries = Record<'seal' | 'open' | 'renew', (text: string, entryName: string) => string> & {
  stateOf: (text: string) => SealState;
};

/** What seals, opens and hashes, for one catalog entry. `renew` seals a text again as new secrets
 *  are sealed, and gives back what it cannot open. */
export type EntryKeys = Record<'seal' | 'open' | 'renew', (text: string) => string> & {
  stateOf: (text: string) => SealState;
  tokenHash: TokenHash;
};

export const keysOfEntry = (seal: SealOfEntries, tokenHash: TokenHash, kind: CatalogKind, key: string): EntryKeys => {
  const name = entryNameOf(kind, key);
  return {
    seal: (text) => seal.seal(text, name),
    open: (text) => seal.open(text, name),
    renew: (text) => seal.renew(text, name),
    stateOf: seal.stateOf,
    tokenHash,
  };
};

/** A new token as it is stored. */
export const storedToken = (token: string, until: string | null, { seal, tokenHash }: EntryKeys): Token => ({
  token: seal(token),
  hash: tokenHash.of(token),
  until,
});

/** A value as the topic has it: without the tokens, except those that have no hash yet. */
export const publishedValue = <V extends object>(kind: string, value: V): V => {
  if (kind !== 'network') return value;
  const tokens = (value as unknown as Network).tokens.map(({ token, hash, until }) =>
    hash === undefined ? { token, until } : { hash, until },
  );
  return { ...value, tokens };
};

/** The tokens of an entry from the topic as hashes. Throws what `open` throws, for a token that an
 *  earlier release published sealed. */
export const hashedTokens = (tokens: readonly Token[], { open, tokenHash }: EntryKeys): Token[] =>
  tokens.flatMap(({ token, hash, until }) => {
    if (hash !== undefined) return [{ hash, until }];
    return token === undefined ? [] : [{ hash: tokenHash.of(open(token)), until }];
  });
