/** What needs a person, worst first. Pure: from what the API counts to a list of facts, without
 * words. */

type SummaryLine = { key: (string | null)[]; count: number; sampleId: string };
export type AttentionInput = {
  /** Refused calls by network, refusal and status word. */
  refused: readonly SummaryLine[];
  /** Calls by network and problem. */
  problems: readonly SummaryLine[];
  status: {
    consumers: readonly { secondsBehind: number | null }[];
    orphans: { count: number; oldestAt: string | null };
    parked: { count: number };
    missed: readonly { topic: string; records: number | null }[];
  } | null;
  destinations: readonly {
    destinationKey: string;
    health: 'ok' | 'failing' | 'paused';
    waiting: number;
    parked: number;
  }[];
};

export type AttentionItem =
  | { kind: 'behind'; seconds: number }
  | { kind: 'failing' | 'paused' | 'parkedDeliveries'; destinationKey: string; count: number }
  | { kind: 'unmapped'; networkKey: string | null; word: string; count: number; sampleId: string }
  | { kind: 'macro' | 'proof'; networkKey: string | null; refusal: string; count: number; sampleId: string }
  | { kind: 'refused'; networkKey: string | null; refusal: string; count: number; sampleId: string }
  | { kind: 'moneyUnknown'; networkKey: string | null; problem: string; count: number; sampleId: string }
  | { kind: 'orphans'; count: number; oldestAt: string | null }
  | { kind: 'parked'; count: number }
  /** Records that Kafka deleted before they were processed; null: not known how many. */
  | { kind: 'missed'; topic: string; records: number | null };

/** First money that does not move, then money that is lost until a user acts, then what can
 * resolve by itself. */
const ranks: Record<AttentionItem['kind'], number> = {
  missed: 0,
  behind: 1,
  failing: 2,
  unmapped: 3,
  macro: 4,
  moneyUnknown: 5,
  parked: 6,
  parkedDeliveries: 7,
  proof: 8,
  refused: 9,
  paused: 10,
  orphans: 11,
};

const lateSeconds = 30;
const proofRefusals = new Set([
  'proof_required',
  'token_required',
  'token_wrong',
  'signature_missing',
  'signature_wrong',
  'secret_wrong',
  'address_not_allowed',
]);
const moneyProblems = new Set([
  'amount_unreadable',
  'amount_ambiguous',
  'currency_unreadable',
  'currency_ambiguous',
  'currency_conflict',
]);
/** Refused because the settings say so: nothing to resolve. */
const meant = new Set(['status_ignored']);

const ofRefusals = (lines: readonly SummaryLine[]): AttentionItem[] => {
  const byRefusal = new Map<string, { networkKey: string | null; refusal: string; count: number; sampleId: string }>();
  const unmapped: AttentionItem[] = [];
  for (const { key, count, sampleId } of lines) {
    const [networkKey = null, refusal = null, word = null] = key;
    if (refusal === null || meant.has(refusal)) continue;
    if (refusal === 'status_unmapped' && word !== null) {
      unmapped.push({ kind: 'unmapped', networkKey, word, count, sampleId });
      continue;
    }
    const name = `${networkKey} ${refusal}`;
    const found = byRefusal.get(name);
    byRefusal.set(name, found ? { ...found, count: found.count + count } : { networkKey, refusal, count, sampleId });
  }
  const others = [...byRefusal.values()].map((each): AttentionItem => {
    if (each.refusal === 'macro_unreplaced') return { kind: 'macro', ...each };
    return proofRefusals.has(each.refusal) ? { kind: 'proof', ...each } : { kind: 'refused', ...each };
  });
  return [...unmapped, ...others];
};

const ofStatus = (status: AttentionInput['status']): AttentionItem[] => {
  if (!status) return [];
  const seconds = Math.max(0, ...status.consumers.map(({ secondsBehind }) => secondsBehind ?? 0));
  return [
    ...status.missed.map(({ topic, records }) => ({ kind: 'missed' as const, topic, records })),
    ...(seconds >= lateSeconds ? [{ kind: 'behind' as const, seconds }] : []),
    ...(status.orphans.count > 0 ? [{ kind: 'orphans' as const, ...status.orphans }] : []),
    ...(status.parked.count > 0 ? [{ kind: 'parked' as const, count: status.parked.count }] : []),
  ];
};

const ofDestinations = (destinations: AttentionInput['destinations']): AttentionItem[] =>
  destinations.flatMap(({ destinationKey, health, waiting, parked }) => [
    ...(health !== 'ok' ? [{ kind: health, destinationKey, count: waiting }] : []),
    ...(parked > 0 ? [{ kind: 'parkedDeliveries' as const, destinationKey, count: parked }] : []),
  ]);

const sizeOf = (item: AttentionItem): number => {
  if (item.kind === 'missed') return item.records ?? 0;
  return 'count' in item ? item.count : item.seconds;
};

export const attentionOf = ({ refused, problems, status, destinations }: AttentionInput): AttentionItem[] => {
  const money = problems.flatMap(({ key: [networkKey = null, problem = null], count, sampleId }): AttentionItem[] =>
    problem !== null && moneyProblems.has(problem)
      ? [{ kind: 'moneyUnknown', networkKey, problem, count, sampleId }]
      : [],
  );
  return [...ofStatus(status), ...ofDestinations(destinations), ...ofRefusals(refused), ...money].sort(
    (a, b) => ranks[a.kind] - ranks[b.kind] || sizeOf(b) - sizeOf(a),
  );
};
