import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import { advisoryLocks } from './locks.js';

const filesUnder = (...folder: string[]): string[] =>
  readdirSync(join(projectRoot, ...folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(projectRoot, ...folder, file),
  );

describe('the numbers of advisory locks', () => {
  it('have one meaning each', () => {
    const numbers = Object.values(advisoryLocks);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('are all in one file: no other source of the product takes a lock by a number of its own', () => {
    const taken = ['apps', 'libs', 'ops'].flatMap((folder) =>
      filesUnder(folder)
        .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
        .filter((file) => /advisory\w*lock\w*\(\s*\d/.test(readFileSync(file, 'utf8'))),
    );
    expect(taken).toEqual([]);
  });

  it('of the functions of the schema are among them', () => {
    const schema = readFileSync(join(projectRoot, 'libs', 'postgres', 'schema.sql'), 'utf8');
    const numbers = [...schema.matchAll(/advisory\w*lock\w*\((\d+)\)/g)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(0);
    for (const number of numbers) expect(Object.values<number>(advisoryLocks)).toContain(number);
  });
});
