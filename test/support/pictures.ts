import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import type { Page } from 'playwright-core';
import UPNG from 'upng-js';

/** The pictures of the documentation: `npm run screenshots` names their folder. */

type Look = { scheme: 'light' | 'dark'; width: number };

/** A page has few colours: a palette makes its picture a third as large, and looks the same. */
const maxColours = 256;

const folder = process.env.CAROM_SCREENSHOTS;
export const takesPictures = folder !== undefined;

/** Takes the picture of what is in sight. @returns false without a folder: none is wanted */
export const takePicture = async (page: Page, name: string, { scheme, width }: Look): Promise<boolean> => {
  if (folder === undefined) return false;
  const taken = await page.screenshot({ animations: 'disabled' });
  const { buffer, byteOffset, byteLength } = taken;
  const image = UPNG.decode(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  const small = UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, maxColours);
  const path = join(projectRoot, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, `${name}-${width}-${scheme}.png`), Buffer.from(small));
  return true;
};
