import { describe, expect, it } from '@jest/globals';
import { networkSettings, offerSettings } from '#contracts';
import {
  bucketNames,
  changeReport,
  conversionIdOf,
  formatNanos,
  mintClickId,
  readClickId,
  readPostback,
  resolveCall,
  type Family,
  type FoundClick,
  type Knowledge,
} from '#domain';
import { sequences } from './sequences/all.js';
import { fillIn, type ExpectedConversion, type Sequence } from './sequences/sequence.js';

const secret = 'a secret that only tests know';
const nowMs = Date.UTC(2026, 5, 1, 12);
const recognise = (text: string) => readClickId(text, [secret]);

/** Reads, resolves and folds the calls of a sequence, with nothing but the pure rules. */
const play = (sequence: Sequence) => {
  const network = networkSettings.parse({ key: 'n', name: 'n', defaultCurrency: 'USD', ...sequence.network });
  const offer = offerSettings.parse({ key: 'o', networkKey: 'n', url: 'https://shop.example/', ...sequence.offer });
  const clickedAtMs = nowMs - (sequence.clickAgeSeconds ?? 3 * 3600) * 1000;
  const mint = (last: number) =>
    mintClickId(
      { atMs: clickedAtMs, campaignNumber: 1, offerNumber: 1, random: Uint8Array.of(1, 2, 3, 4, last) },
      secret,
    );
  const [a, b] = [mint(1), mint(2)];
  const clickOf = (clickId: string): FoundClick => ({
    clickId,
    clickedAtMs,
    campaignKey: 'c',
    sourceKey: 's',
    offerKey: 'o',
    networkKey: 'n',
    externalId: null,
    externalIdRaw: null,
    tokens: {},
    visitor: null,
    from: 'click',
    cost: null,
    reportTokens: {},
  });
  const clicks = new Map([a, b].map((id) => [id, clickOf(id)]));
  const families = new Map<string, Family>();
  const knows: Knowledge = {
    recognise,
    click: (id) => clicks.get(id),
    clickInside: () => undefined,
    transactions: (transactionId) =>
      [...families.values()]
        .filter((family) => family.transactionId === transactionId)
        .map((family) => ({ networkKey: 'n', clickId: family.standings.get('')?.clickId ?? null })),
    network: () => network,
    offer: () => offer,
  };
  const patience = { creditAfterMs: 600_000, clicksKeptMs: 1e12, expireAfterMs: 1e12 };
  const log = new Map<string, string>();
  sequence.calls.forEach((call, index) => {
    const id = `p${String(index).padStart(3, '0')}`;
    const query = fillIn(call, { a, b, t: 't.', nowMs });
    const { read, refusal, test } = readPostback(
      { method: 'GET', query, body: null, contentType: null },
      network,
      recognise,
    );
    const receivedAtMs = nowMs + index * 10;
    const resolution = refusal
      ? { kind: 'refused' as const, code: refusal }
      : resolveCall(
          { id, receivedAtMs, waitedMs: 0, networkKey: 'n', authenticatedBy: 'token', fields: read, test },
          knows,
          patience,
        );
    if (resolution.kind === 'refused') return void log.set(id, resolution.code);
    if (resolution.kind !== 'conversion') return void log.set(id, resolution.kind);
    const baseId = conversionIdOf(resolution.identity);
    const { identity, event, transactionId, rules } = resolution;
    const held = families.get(baseId) ?? {
      baseId,
      identity,
      networkKey: 'n',
      event,
      transactionId,
      rules,
      reports: [],
      attributions: {},
      standings: new Map(),
    };
    const attributions = resolution.attribution
      ? { ...held.attributions, [resolution.clickId]: resolution.attribution }
      : held.attributions;
    const result = changeReport(
      { ...held, attributions },
      { causeId: id, report: resolution.report, nowMs: receivedAtMs },
    );
    families.set(baseId, result.family);
    log.set(
      id,
      result.effect.kind === 'refused' ? result.effect.code : result.changes.length > 0 ? 'applied' : 'duplicate',
    );
    for (const { causeId, refusal: code } of result.flips) log.set(causeId, code ?? 'applied');
  });
  const conversions = [...families.values()].flatMap((family) =>
    [...family.standings.values()].flatMap((standing): ExpectedConversion[] =>
      standing.state === null
        ? []
        : [
            {
              transaction: family.transactionId?.replace('t.', '') ?? '-',
              event: family.event ?? undefined,
              state: standing.state,
              money:
                standing.money &&
                Object.fromEntries(
                  bucketNames.flatMap((name) => {
                    const nanos = standing.money?.[name] ?? 0n;
                    return nanos === 0n ? [] : [[name, formatNanos(nanos)]];
                  }),
                ),
              currency: standing.currency,
              marks: standing.marks,
            },
          ],
    ),
  );
  return { log: [...log.values()], conversions };
};

const bySum = (conversions: ExpectedConversion[]) =>
  conversions
    .map((each) =>
      JSON.stringify([
        each.transaction,
        each.event ?? null,
        each.state,
        each.money && Object.entries(each.money).sort(),
      ]),
    )
    .sort();

describe('what networks do to us, by the rules alone', () => {
  it.each(sequences.map((sequence) => [sequence.name, sequence] as const))('%s', (_name, sequence) => {
    const { log, conversions } = play(sequence);
    expect(log).toEqual(sequence.log);
    expect(bySum(conversions)).toEqual(bySum(sequence.conversions));
    for (const expected of sequence.conversions) {
      if (expected.currency !== undefined)
        expect(conversions.map((each) => each.currency)).toContain(expected.currency);
      expect(conversions.map((each) => each.marks)).toContainEqual(expected.marks ?? []);
    }
  });

  it('names at least sixty sequences, none twice', () => {
    expect(new Set(sequences.map(({ name }) => name)).size).toBe(sequences.length);
    expect(sequences.length).toBeGreaterThanOrEqual(60);
  });
});
