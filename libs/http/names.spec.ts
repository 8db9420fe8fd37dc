import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '#runtime';
import { createNames, type NamesOptions, type Resolve } from './names.js';

/** A resolver whose answers the test gives by hand, and a clock that it moves. */
const openNames = (more: NamesOptions = {}) => {
  const asked: string[] = [];
  const open = new Map<string, Parameters<Resolve>[1]>();
  let atMs = 0;
  const time = { nowMs: () => atMs, monotonicMs: () => atMs, wait: () => Promise.resolve() };
  const resolve: Resolve = (hostname, answer) => {
    asked.push(hostname);
    open.set(hostname, answer);
  };
  const metrics = createMetrics('spec');
  const names = createNames({ slots: 8, resolve, time, metrics, ...more });
  const found: string[] = [];
  return {
    asked,
    found,
    metrics,
    ask: (hostname: string) =>
      names.resolve(hostname, (error, addresses) => found.push(error?.message ?? addresses[0]?.address ?? '')),
    /** Answers a look-up that lasted so long. */
    answer: (hostname: string, afterMs: number, address = '93.184.216.34') => {
      atMs += afterMs;
      open.get(hostname)?.(null, [{ address, family: 4 }]);
    },
  };
};

describe('names of destinations', () => {
  it('are looked up once for all who ask meanwhile', () => {
    const { ask, asked, answer, found } = openNames();
    for (let call = 0; call < 32; call += 1) ask('hangs.example');
    ask('ads.example');
    expect(asked).toEqual(['hangs.example', 'ads.example']);
    answer('ads.example', 5);
    expect(found).toEqual(['93.184.216.34']);
    answer('hangs.example', 5, '10.0.0.7');
    expect(found).toHaveLength(33);
    ask('hangs.example');
    expect(asked).toHaveLength(3);
  });

  it('that are silent leave the resolver to those that have answered before', () => {
    const { ask, asked, answer } = openNames();
    ask('ads.example');
    answer('ads.example', 5);
    for (let name = 0; name < 100; name += 1) ask(`silent-${name}.example`);
    expect(asked.filter((each) => each.startsWith('silent'))).toHaveLength(6);
    ask('ads.example');
    expect(asked.at(-1)).toBe('ads.example');
  });

  it('that were silent before wait behind new ones, and hold a quarter of the resolver at most', () => {
    const { ask, asked, answer } = openNames();
    const silent = Array.from({ length: 6 }, (_, index) => `silent-${index}.example`);
    for (const name of silent) ask(name);
    answer('silent-0.example', 10_000);
    for (const name of silent.slice(1)) answer(name, 0);
    asked.length = 0;
    for (const name of silent) ask(name);
    expect(asked).toEqual(['silent-0.example', 'silent-1.example']);
    ask('new.example');
    expect(asked.at(-1)).toBe('new.example');
  });

  it('are refused when too many wait, and counted', async () => {
    const { ask, found, metrics } = openNames({ maxWaiting: 3 });
    for (let name = 0; name < 10; name += 1) ask(`silent-${name}.example`);
    expect(found).toEqual(['silent-9.example was not looked up: 3 names wait already']);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/carom_http_names_refused_total\{limit="waiting"[^}]*\} 1/);
    expect(text).toMatch(/carom_http_names_waiting\{[^}]*\} 3/);
  });

  it('that do not get their turn in time are refused', async () => {
    const refused = new Promise<string>((resolve) => {
      const names = createNames({ slots: 1, maxWaitMs: 0, resolve: () => undefined });
      names.resolve('hangs.example', () => undefined);
      names.resolve('late.example', (error) => resolve(error?.message ?? ''));
    });
    expect(await refused).toMatch(/^late.example was not looked up within 0 ms/);
  });
});
