import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { CodedError } from './errors.js';

/** Secrets at rest (Postgres) and on the catalog topic are sealed with AES-256-GCM under a key
 * derived from `CAROM_SECRET`, with the name of their catalog entry as additional data: moved to
 * another entry they cannot be opened.
 *
 *     sealed:2:<key id>:<base64url of iv, tag, ciphertext>
 *     sealed:1:…   the form of earlier releases, without an entry
 *
 * The key id says which secret opens it; `docs/operating/secrets.md` says how to rotate. */

/** The name of a catalog entry, as its topic has it: `network:acme`. */
type EntryName = string;

/** - `plain`: not sealed
 *  - `current`: sealed as new secrets are
 *  - `former`: by an older secret, or in the form of an earlier release
 *  - `unknown`: by a secret that is not listed */
type SealState = 'plain' | 'current' | 'former' | 'unknown';

export type Seal = {
  seal: (plain: string, entry: EntryName) => string;
  /** @throws CodedError SECRET_UNKNOWN (no listed secret sealed it), SECRET_DAMAGED (changed, cut,
   *  or moved from another entry) */
  open: (text: string, entry: EntryName) => string;
  /** The same secret sealed as new secrets are. What cannot be opened stays as it is: its key may
   *  come back. */
  renew: (text: string, entry: EntryName) => string;
  /** By the text's first characters alone; the whole text may still be damaged. */
  stateOf: (text: string) => SealState;
};

const form = /^sealed:([12]):([^:]*):/;
export const isSealed = (text: string): boolean => /^sealed:[12]:/.test(text);

/** A key for sealing alone: click ids (`libs/domain/click-id`) and tokens
 * (`libs/domain/reading/token-hash.ts`) have keys of their own, and none says anything about
 * another. */
const derive = (secret: string) => ({
  id: createHash('sha256').update(`carom key id:${secret}`).digest('hex').slice(0, 8),
  key: Buffer.from(hkdfSync('sha256', secret, 'carom', 'catalog secrets', 32)),
});

const unseal = (key: Buffer, body: string, entry: EntryName | null): string => {
  const bytes = Buffer.from(body, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    if (entry !== null) decipher.setAAD(Buffer.from(entry));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new CodedError('SECRET_DAMAGED', 'a sealed secret was changed, cut, or moved from another entry', { cause });
  }
};

/** @param secrets the first seals, all open. `open` gives back a text that is not sealed as it is
 *  (a catalog written by hand). */
export const createSeal = (secrets: readonly string[]): Seal => {
  const keys = secrets.map(derive);
  const current = keys[0];
  if (!current) throw new CodedError('SECRET_MISSING', 'sealing needs at least one secret');

  const stateOf = (text: string): SealState => {
    const [, version, id] = form.exec(text) ?? [];
    if (version === undefined) return isSealed(text) ? 'unknown' : 'plain';
    if (!keys.some((key) => key.id === id)) return 'unknown';
    return version === '2' && id === current.id ? 'current' : 'former';
  };
  const seal = (plain: string, entry: EntryName): string => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(entry));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `sealed:2:${current.id}:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  };
  const open = (text: string, entry: EntryName): string => {
    if (!isSealed(text)) return text;
    const [head = '', version, id] = form.exec(text) ?? [];
    const found = keys.find((key) => key.id === id);
    if (!found)
      throw new CodedError('SECRET_UNKNOWN', `a secret was sealed with key ${id}, which CAROM_SECRET does not hold`);
    return unseal(found.key, text.slice(head.length), version === '2' ? entry : null);
  };
  return {
    seal,
    open,
    renew(text, entry) {
      if (stateOf(text) === 'current') return text;
      try {
        return seal(open(text, entry), entry);
      } catch {
        return text;
      }
    },
    stateOf,
  };
};
