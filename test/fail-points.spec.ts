import { describe, expect, it } from '@jest/globals';
import { failPoints, failPointsOf } from '#runtime';
import { product } from './tidy/sources.js';

const services = ['ingest', 'attribution', 'dispatch', 'console'] as const;

describe('the list of fail points', () => {
  it('is exactly what the code passes, so that a test of every point leaves none out', () => {
    const code = product.filter(({ file }) => file.startsWith('apps/')).map(({ text }) => text);
    const passed = code.flatMap((text) => [...text.matchAll(/failPoint\(([^;]+)\);/g)].map(([, given]) => given ?? ''));
    const names = passed.flatMap((given) => [...given.matchAll(/'([a-z.-]+)'/g)].map(([, name]) => name));
    expect(names.sort()).toEqual(Object.keys(failPoints).sort());
  });

  it('gives each point to the service that passes it', () => {
    expect(services.flatMap(failPointsOf).sort()).toEqual(Object.keys(failPoints).sort());
  });
});
