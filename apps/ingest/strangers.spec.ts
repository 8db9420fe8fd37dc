import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '#runtime';
import { limitStrangers, type Fate, type StrangerLimits } from './strangers.js';

const usual: StrangerLimits = {
  clicksPerSecond: 100,
  clicksPerAddressPerSecond: 50,
  keptPerSecond: 1,
  keptPerAddressPerMinute: 5,
  garbagePerAddressPerMinute: 20,
  maxAddresses: 1_000,
};

const open = (limits: Partial<StrangerLimits> = {}) => {
  let atMs = 0;
  const metrics = createMetrics('spec');
  const strangers = limitStrangers({ ...usual, ...limits }, { time: { monotonicMs: () => atMs }, metrics });
  const send = (standing: 'names_click' | 'garbage', count: number, address = '198.51.100.7', network = 'acme') => {
    const fates: Record<Fate, number> = { keep: 0, count: 0, hold_off: 0 };
    for (let call = 0; call < count; call += 1) fates[strangers.admit(standing, network, address)] += 1;
    return fates;
  };
  return { send, metrics, pass: (ms: number) => void (atMs += ms) };
};

describe('calls without proof that name no click of ours', () => {
  it('are kept as a sample, counted, and then held off', () => {
    const { send } = open();
    expect(send('garbage', 50)).toEqual({ keep: 5, count: 15, hold_off: 30 });
  });

  it('leave the sample of another address and of another network alone', () => {
    const { send } = open();
    send('garbage', 50);
    expect(send('garbage', 10, '198.51.100.8').keep).toBe(5);
    expect(send('garbage', 10, '198.51.100.7', 'other').keep).toBe(5);
  });

  it('are kept in total at a rate that no number of addresses raises', () => {
    const { send, pass } = open();
    const many = (from: number) =>
      Array.from({ length: 500 }, (_, index) => send('garbage', 1, `10.${from}.${index >> 8}.${index & 255}`).keep);
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    expect(sum(many(1))).toBe(30);
    pass(10_000);
    expect(sum(many(2))).toBe(10);
  });

  it('are counted by the /64 of an IPv6 address, because one caller has all of it', () => {
    const { send } = open();
    const fates = Array.from({ length: 50 }, (_, index) => send('garbage', 1, `2001:db8:1:2::${index.toString(16)}`));
    expect(fates.filter(({ keep }) => keep === 1)).toHaveLength(5);
    expect(send('garbage', 1, '2001:db8:1:3::1').keep).toBe(1);
    expect(send('garbage', 50, '::ffff:198.51.100.7').keep).toBe(5);
    expect(send('garbage', 1, '198.51.100.7').keep).toBe(0);
  });

  it('use a bounded memory, however many addresses there are', async () => {
    const { send, metrics } = open({ keptPerSecond: 1_000_000 });
    for (let index = 0; index < 5_000; index += 1) send('garbage', 1, `10.0.${index >> 8}.${index & 255}`);
    expect(await metrics.registry.metrics()).toMatch(/carom_ingest_stranger_addresses\{[^}]*\} 1000\n/);
    // Those beyond the limit share one count.
    expect(send('garbage', 1, '10.9.9.9')).toEqual({ keep: 0, count: 0, hold_off: 1 });
  });
});

describe('calls without proof that name a click of ours', () => {
  it('are kept up to the rate of their address, and answered 429 beyond it', () => {
    const { send, pass } = open();
    expect(send('names_click', 150)).toEqual({ keep: 100, count: 0, hold_off: 50 });
    pass(1_000);
    expect(send('names_click', 100).keep).toBe(50);
  });

  it('are kept up to the rate of all addresses together', () => {
    const { send } = open();
    const kept = Array.from({ length: 10 }, (_, index) => send('names_click', 100, `10.0.0.${index}`).keep);
    expect(kept.reduce((total, count) => total + count, 0)).toBe(200);
  });

  it('are not held off because of garbage from the same address', () => {
    const { send } = open();
    send('garbage', 100);
    expect(send('names_click', 10).keep).toBe(10);
  });
});
