import { systemRandom } from '#runtime';
import { createHash } from 'node:crypto';

/** Bearer tokens, session cookies and codes of links. They are long and random, so a plain
 *  SHA-256 protects them at rest; a slow hash would only slow the API. */

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** 240 random bits as text for URLs and cookies. */
export const mintSecret = (): string => Buffer.from(systemRandom.bytes(30)).toString('base64url');
export const mintToken = (): string => `carom_${mintSecret()}`;
