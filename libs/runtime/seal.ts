import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { CodedError } from './errors.js';

/** Secrets at rest (Postgres) and on the catalog topic are sealed with AES-256-GCM under a key
 * derived from `CAROM_SECRET`. A sealed text is `sealed:1:<key id>:<base64url of iv, tag,
 * ciphertext>`. The key id says which secret opens it, so that secrets can be rotated: put the new
 * one first, keep the old one behind it until everything has been sealed again. */

export type Seal = {
  seal: (plain: string) => string;
  open: (text: string) => string;
  /** The same secret under the key that seals now. What no key here opens stays as it is: the key
   * may come back. */
  renew: (sealed: string) => string;
};

const prefix = 'sealed:1:';
export const isSealed = (text: string): boolean => text.startsWith(prefix);

/** A key for sealing alone: click ids have one of their own (`libs/domain/click-id`), and neither
 * says anything about the other. */
const derive = (secret: string) => ({
  id: createHash('sha256').update(`carom key id:${secret}`).digest('hex').slice(0, 8),
  key: Buffer.from(hkdfSync('sha256', secret, 'carom', 'catalog secrets', 32)),
});

/** `secrets`: the first seals, all open. `open` gives back a text that is not sealed as it is (a
 * catalog written by hand). */
export const createSeal = (secrets: readonly string[]): Seal => {
  const keys = secrets.map(derive);
  const current = keys[0];
  if (!current) throw new CodedError('SECRET_MISSING', 'sealing needs at least one secret');
  const keyOf = (sealed: string) => keys.find(({ id }) => sealed.startsWith(`${prefix}${id}:`));
  const made: Seal = {
    seal(plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${prefix}${current.id}:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    open(text) {
      if (!isSealed(text)) return text;
      const [id, body = ''] = text.slice(prefix.length).split(':');
      const found = keyOf(text);
      if (!found)
        throw new CodedError('SECRET_UNKNOWN', `a secret was sealed with key ${id}, which CAROM_SECRET does not hold`);
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new CodedError('SECRET_DAMAGED', 'a sealed secret was changed or cut', { cause });
      }
    },
    renew(sealed) {
      const key = keyOf(sealed);
      return key === undefined || key === current ? sealed : made.seal(made.open(sealed));
    },
  };
  return made;
};
