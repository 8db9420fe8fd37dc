import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import { contractsPage } from './contracts-page.js';

const page = join(projectRoot, 'docs/CONTRACTS.md');

it('describes every message as its schema defines it (CAROM_WRITE_DOCS=1 writes the page)', () => {
  if (process.env['CAROM_WRITE_DOCS'] === '1') writeFileSync(page, contractsPage());
  expect(readFileSync(page, 'utf8')).toBe(contractsPage());
});
