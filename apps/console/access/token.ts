import { createHash, randomBytes } from 'node:crypto';

/** Bearer tokens, session ids and codes. They are long and random, so a plain SHA-256 keeps them safe
 *  at rest; a slow hash would only slow the API. */

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
/** 240 random bits. */
export const mintToken = (): string => `carom_${randomBytes(30).toString('base64url')}`;
