import { hash } from 'node:crypto';

/** Ids that several nodes derive without asking each other: writing or publishing one twice is
 *  harmless (P3). */

/** Each part carries its length, so that no text of one part can be read as the border between
 *  two. */
export const joinParts = (...parts: string[]): string => parts.map((part) => `${part.length}:${part}`).join('|');

/** A UUID from the SHA-256 of the parts (version 8, "custom", RFC 9562). The same parts give the
 *  same id; ids have no order. */
export const derivedUuid = (...parts: string[]): string => {
  const hex = hash('sha256', joinParts(...parts));
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
