import { hkdfSync } from 'node:crypto';
import { createMac } from '../click-id/mac.js';

/** Keyed hashes of network tokens. The catalog topic, the disk and the memory of ingest
 *  hold only these, and none of them lets its reader call in the name of a network. A hash is
 *  `hash:1:<key id>:<base64url of HMAC-SHA256>`, under a key derived from `CAROM_SECRET` for this
 *  alone. */
export type TokenHash = {
  /** By the first secret: what is stored and published. */
  of: (token: string) => string;
  /** By each secret: what the token of a call may be stored as. One microsecond for each. */
  all: (token: string) => readonly string[];
  /** - `current`: by the first secret
   *  - `former`: by another listed one
   *  - `unknown`: by none of them */
  stateOf: (hash: string) => 'current' | 'former' | 'unknown';
};

const keyIdBytes = 4;

/** @param secrets the first hashes, all are accepted, so that secrets can be rotated. */
export const createTokenHash = (secrets: readonly string[]): TokenHash => {
  const [first, ...others] = secrets.map((secret) => {
    const mac = createMac(Buffer.from(hkdfSync('sha256', secret, 'carom', 'network tokens', 32)));
    const prefix = `hash:1:${mac('key id').subarray(0, keyIdBytes).toString('hex')}:`;
    return { prefix, of: (token: string) => prefix + mac(`token ${token}`).toString('base64url') };
  });
  if (!first) throw new Error('hashing tokens needs at least one secret');
  const all = [first, ...others];
  return {
    of: first.of,
    all: (token) => all.map((by) => by.of(token)),
    stateOf: (hash) => {
      const by = all.find(({ prefix }) => hash.startsWith(prefix));
      return by === undefined ? 'unknown' : by === first ? 'current' : 'former';
    },
  };
};
