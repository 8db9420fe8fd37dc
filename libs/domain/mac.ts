import { hash } from 'node:crypto';

/** HMAC-SHA256 with one secret; a text is taken as UTF-8. */
export type Mac = (message: Uint8Array | string) => Buffer;

const blockBytes = 64;

/** By two one-shot hashes over the blocks of RFC 2104: node's Hmac object costs a multiple of what it computes (17 µs with a ready key object
 *  against 6 µs on a busy machine), and a MAC stands in the path of every click, every postback and every signed call. */
export const createMac = (secret: Uint8Array): Mac => {
  const key = secret.length > blockBytes ? hash('sha256', secret, 'buffer') : secret;
  const inner = Buffer.alloc(blockBytes);
  const outer = Buffer.alloc(blockBytes + 32);
  for (let index = 0; index < blockBytes; index += 1) {
    inner[index] = (key[index] ?? 0) ^ 0x36;
    outer[index] = (key[index] ?? 0) ^ 0x5c;
  }
  return (message) => {
    const bytes = typeof message === 'string' ? Buffer.from(message) : message;
    hash('sha256', Buffer.concat([inner, bytes]), 'buffer').copy(outer, blockBytes);
    return hash('sha256', outer, 'buffer');
  };
};
