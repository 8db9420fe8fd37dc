import { describe, expect, it } from '@jest/globals';
import { networkSettings, offerSettings, withCapCurrency, type NetworkSettings, type OfferSettings } from '#contracts';
import {
  bucketNames,
  changeReport,
  conversionIdOf,
  capMarks,
  countAgainstCap,
  endsOfHolds,
  formatNanos,
  liftCap,
  mintClickId,
  noUse,
  readClickId,
  readPostback,
  resolveCall,
  roomFor,
  type CapUse,
  type ConversionSet,
  type FoundClick,
  type Knowledge,
  type KnownTransaction,
} from '#domain';
import { sequences } from './sequences/all.js';
import { addressed, fillIn, type ExpectedConversion, type Sequence } from './sequences/sequence.js';

const secret = 'a secret that only tests know';
const nowMs = Date.UTC(2026, 5, 1, 12);
const recognise = (text: string) => readClickId(text, [secret]);

type Call = { id: string; to: 'own' | 'second' | 'plain'; query: string; receivedAtMs: number };

/** The system of a sequence, as far as the rules go: two networks with an offer each, and what
 *  their calls made so far. */
const groundOf = (sequence: Sequence) => {
  const networks = ['n', 'm'].map((key) =>
    networkSettings.parse({ key, name: key, defaultCurrency: 'USD', ...sequence.network }),
  );
  let offer = offerSettings.parse({ key: 'o', networkKey: 'n', url: 'https://shop.example/', ...sequence.offer });
  const clickedAtMs = nowMs - (sequence.clickAgeSeconds ?? 3 * 3600) * 1000;
  const mint = (last: number) =>
    mintClickId(
      { atMs: clickedAtMs, campaignNumber: 1, offerNumber: 1, random: Uint8Array.of(1, 2, 3, 4, last) },
      secret,
    );
  const [a, b, c] = [mint(1), mint(2), mint(3)];
  const clickOf = (clickId: string): FoundClick => ({
    clickId,
    clickedAtMs,
    campaignKey: 'c',
    sourceKey: 's',
    offerKey: 'o',
    networkKey: clickId === c ? 'm' : 'n',
    externalId: null,
    externalIdRaw: null,
    tokens: {},
    visitor: null,
    from: 'click',
    cost: null,
    reportTokens: {},
  });
  const clicks = new Map([a, b, c].map((id) => [id, clickOf(id)]));
  const sets = new Map<string, ConversionSet>();
  const named = new Map<string, KnownTransaction[]>();
  const knows: Knowledge = {
    recognise,
    click: (id) => clicks.get(id),
    clickInside: () => undefined,
    transactions: (transactionId) => named.get(transactionId) ?? [],
    network: (key) => networks.find((network) => network.key === key),
    offer: () => offer,
  };
  return {
    knows,
    networks,
    sets,
    named,
    ids: { a, b, c },
    offer: () =>
      withCapCurrency({ ...offer, number: 1 }, { ...(networks[0] as NetworkSettings), number: 1, tokens: [] }),
    setOffer: (more: Partial<OfferSettings>) => void (offer = offerSettings.parse({ ...offer, ...more })),
    use: null as CapUse | null,
  };
};
type Ground = ReturnType<typeof groundOf>;

/** One call read, resolved and folded. Answers what the log says of it. */
const decide = (ground: Ground, call: Call, log: Map<string, string>): string => {
  const { knows, networks, sets, named } = ground;
  const network = networks[call.to === 'second' ? 1 : 0] as (typeof networks)[number];
  const { read, refusal, test, suppressDelivery } = readPostback(
    { method: 'GET', query: call.query, body: null, contentType: null },
    network,
    recognise,
  );
  const isPlain = call.to === 'plain';
  // At the plain address the offer inside a click id of ours says whose call it is, as ingest finds
  // it.
  const known = !isPlain || read.clickId?.value ? network.key : null;
  const authenticatedBy = !isPlain ? 'token' : known === null ? 'none' : 'click';
  const whose = { networkKey: known, authenticatedBy } as const;
  const { id, receivedAtMs } = call;
  // A call whose network shows only in the ledger is resolved again once it is known.
  const resolveAgain = (given: Parameters<typeof resolveCall>[0]): ReturnType<typeof resolveCall> => {
    const found = resolveCall(given, knows, patience);
    return found.kind === 'reread' ? resolveAgain({ ...given, networkKey: found.network.key }) : found;
  };
  const resolution = refusal
    ? { kind: 'refused' as const, code: refusal }
    : resolveAgain({ id, receivedAtMs, waitedMs: 0, ...whose, proven: !isPlain, fields: read, test, suppressDelivery });
  if (resolution.kind === 'refused') return resolution.code;
  if (resolution.kind !== 'conversion') return resolution.kind;
  const baseId = conversionIdOf(resolution.identity);
  const { identity, event, transactionId, rules, clickId } = resolution;
  const made = { reports: [], attributions: {}, snapshots: new Map() };
  const networkKey = resolution.network.key;
  const held = sets.get(baseId) ?? { baseId, identity, networkKey, event, transactionId, rules, ...made };
  const attributions = resolution.attribution
    ? { ...held.attributions, [clickId]: resolution.attribution }
    : held.attributions;
  let result = changeReport({ ...held, attributions }, { causeId: id, report: resolution.report, nowMs: receivedAtMs });
  const { cap } = ground.offer();
  if (cap) {
    const counted = countAgainstCap(result, cap, ground.use ?? noUse(cap), noRate);
    result = counted.outcome;
    ground.use = counted.use;
  }
  sets.set(baseId, result.set);
  const says = read.transactionId?.value;
  if (says && !read.reversalOf && result.effect.kind !== 'refused')
    named.set(says, [...(named.get(says) ?? []), { networkKey, clickId, proven: !isPlain }]);
  for (const { causeId, refusal: code } of result.flips) log.set(causeId, code ?? 'applied');
  if (result.effect.kind === 'refused') return result.effect.code;
  return result.changes.length > 0 ? 'applied' : 'duplicate';
};

/** What the system does by itself when time has passed: ends holds, lets in what has room under the
 *  cap now. */
const passTime = (ground: Ground, more: Partial<OfferSettings>): void => {
  ground.setOffer(more);
  for (const [baseId, set] of ground.sets) {
    let outcome = set;
    for (const report of endsOfHolds(set, nowMs))
      outcome = changeReport(outcome, { causeId: report.causeId, report, nowMs }).set;
    for (const [member, snapshot] of outcome.snapshots) {
      const { cap } = ground.offer();
      const room = cap && roomFor(cap, ground.use ?? noUse(cap), snapshot, noRate);
      outcome = liftCap(outcome, member, room ? capMarks(room) : [], nowMs).set;
    }
    ground.sets.set(baseId, outcome);
  }
};

const noRate = () => null;
const patience = { creditAfterMs: 600_000, clicksKeptMs: 1e12, expireAfterMs: 1e12 };

/** Plays the calls of a sequence with nothing but the pure rules; those that wait are looked at
 *  again after each. */
const play = (sequence: Sequence) => {
  const ground = groundOf(sequence);
  const log = new Map<string, string>();
  const waiting: Call[] = [];
  sequence.calls.forEach((text, index) => {
    const { to, query } = addressed(fillIn(text, { ...ground.ids, t: 't.', nowMs }));
    const call = { id: `p${String(index).padStart(3, '0')}`, to, query, receivedAtMs: nowMs + index * 10 };
    log.set(call.id, decide(ground, call, log));
    if (log.get(call.id) === 'orphan') waiting.push(call);
    else for (const each of waiting) if (log.get(each.id) === 'orphan') log.set(each.id, decide(ground, each, log));
  });
  if (sequence.thenOffer) passTime(ground, sequence.thenOffer);
  return { log: [...log.values()], conversions: conversionsOf(ground) };
};

const conversionsOf = ({ sets }: Ground): ExpectedConversion[] =>
  [...sets.values()].flatMap((set) =>
    [...set.snapshots.values()].flatMap((snapshot): ExpectedConversion[] => {
      const { state, money } = snapshot;
      if (state === null) return [];
      const stands = bucketNames.filter((name) => (money?.[name] ?? 0n) !== 0n);
      return [
        {
          transaction: snapshot.transactionId?.replace('t.', '') ?? '-',
          event: snapshot.event ?? undefined,
          state,
          money: money && Object.fromEntries(stands.map((name) => [name, formatNanos(money[name])])),
          currency: snapshot.currency,
          marks: snapshot.marks,
        },
      ];
    }),
  );

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

describe('sequences of calls from networks, by the rules alone', () => {
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
