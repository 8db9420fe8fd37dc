import { afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderClosedTo, startPostgres } from './postgres.js';

let outer = '';
afterEach(() => rmSync(outer, { recursive: true, force: true }));

const foldersOf = (mode: number): string => {
  outer = mkdtempSync(join(tmpdir(), 'carom-closed-'));
  const inner = join(outer, 'checkout');
  mkdirSync(inner);
  chmodSync(inner, 0o755);
  chmodSync(outer, mode);
  return inner;
};
const stranger = { uid: 65_534, gid: 65_534 };

describe('a folder that only its owner may enter', () => {
  it('is found above a path, and none above a path that others reach', () => {
    expect(folderClosedTo(stranger, foldersOf(0o700))).toBe(outer);
    chmodSync(outer, 0o711);
    expect(folderClosedTo(stranger, join(outer, 'checkout'))).toBeNull();
  });

  it('makes a start as root end with one sentence that says what to do', async () => {
    const inner = foldersOf(0o700);
    const starting = startPostgres({ dataDir: join(inner, 'postgres'), durable: false });
    // Any other user runs Postgres as itself, and reaches its own folders.
    if (process.getuid?.() !== 0) return void (await (await starting).stop());
    await expect(starting).rejects.toThrow(`may not enter ${outer}: let it (chmod o+x ${outer})`);
  });
});
