import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import { loadNetworkPresets, loadSourcePresets } from './load.js';
import { renewTables } from './table.js';

const page = join(projectRoot, 'docs/reference/presets.md');

describe('the reference of the presets', () => {
  it('lists every preset as its file says (CAROM_WRITE_DOCS=1 regenerates it)', () => {
    const written = readFileSync(page, 'utf8');
    const renewed = renewTables(written, {
      networks: loadNetworkPresets().values(),
      sources: loadSourcePresets().values(),
    });
    if (process.env['CAROM_WRITE_DOCS'] === '1') writeFileSync(page, renewed);
    else expect(written).toBe(renewed);
  });
});
