import type { Network } from '#contracts';
import { formatNanos, readClickId, type Moves } from '#domain';
import { findCatalogEntry, listWholePostbacks, type PostbackRow } from '#postgres';
import { z } from 'zod';
import { audited, type AuditActor } from '../access/audit.js';
import type { ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { openWhatIf, type Replayed } from './what-if.js';
import { postbackRecordOf } from './postback-record.js';
import { rereadPostback, type Reread } from './replay.js';
import { postbackFilters } from './postback-answer.js';
import { decodeCursor, encodeCursor, placeOf, timeAndId } from '../http/page.js';

/** Reads stored calls again with the current mapping. This recovers what a refused status word,
 *  a missing parameter or a wrong amount format cost. It works newest first in pages and returns
 *  where it stopped. */

const pageRows = 500;
const sampleSize = 20;

export const replayBody = z.strictObject({
  /** As in the list of calls. */
  filter: z
    .strictObject(postbackFilters)
    .refine((filter) => Object.keys(filter).length > 0, 'name at least one filter: a replay of everything is refused'),
  /** The network to read them as, for calls whose network is unknown. */
  asNetwork: z.string().max(63).optional(),
  /** Also applied calls whose reading is the same as before: after a change of the network's rules.
   */
  everything: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  limit: z.int().min(1).max(100_000).default(10_000),
  cursor: z.string().max(500).optional(),
});
export type ReplayBody = z.infer<typeof replayBody>;

export const replayAnswer = z
  .object({
    dryRun: z.boolean(),
    matched: z.int(),
    replayed: z.int(),
    skipped: z.object({ not_replayable: z.int(), not_named: z.int(), unchanged: z.int() }),
    /** In how many calls each field reads differently. */
    changes: z.record(z.string(), z.int()),
    /** The outcomes: `decided` by the rules, or the code by which the reading refuses the call. */
    becomes: z.record(z.string(), z.int()),
    sample: z.array(
      z.object({
        id: z.uuid(),
        state: z.string(),
        refusal: z.string().nullable(),
        becomes: z.string(),
        conversionId: z.uuid().nullable(),
        changed: z.array(z.string()),
        before: z.record(z.string(), z.string().nullable()),
        after: z.record(z.string(), z.string().nullable()),
      }),
    ),
    /** Of a dry run: by how much the conversions in each state and the money in each bucket would
     * change. */
    moves: z
      .object({
        conversionsChanged: z.int(),
        states: z.object({ pending: z.int(), approved: z.int(), rejected: z.int(), reversed: z.int() }),
        money: z.array(
          z.object({
            currency: z.string(),
            pending: z.string(),
            approved: z.string(),
            rejected: z.string(),
            reversed: z.string(),
          }),
        ),
      })
      .nullable(),
    next: z.string().nullable(),
  })
  .meta({ id: 'PostbackReplay' });
export type ReplayAnswer = z.infer<typeof replayAnswer>;

const emptyAnswer = (dryRun: boolean): ReplayAnswer => ({
  dryRun,
  matched: 0,
  replayed: 0,
  skipped: { not_replayable: 0, not_named: 0, unchanged: 0 },
  changes: {},
  becomes: {},
  sample: [],
  moves: null,
  next: null,
});

const showMoves = ({ conversionsChanged, states, money }: Moves): ReplayAnswer['moves'] => ({
  conversionsChanged,
  states,
  money: money.map(({ currency, buckets }) => ({
    currency,
    pending: formatNanos(buckets.pending),
    approved: formatNanos(buckets.approved),
    rejected: formatNanos(buckets.rejected),
    reversed: formatNanos(buckets.reversed),
  })),
});

const count = (answer: ReplayAnswer, row: PostbackRow, reread: Reread): void => {
  answer.matched += 1;
  if (reread.kind === 'skip') {
    answer.skipped[reread.reason] += 1;
    return;
  }
  answer.replayed += 1;
  const becomes = reread.message.refusal ?? 'decided';
  answer.becomes[becomes] = (answer.becomes[becomes] ?? 0) + 1;
  for (const field of reread.changed) answer.changes[field] = (answer.changes[field] ?? 0) + 1;
  if (answer.sample.length >= sampleSize) return;
  const fields = reread.changed.filter((field) => field in row.read) as (keyof PostbackRow['read'])[];
  const shown = (read: PostbackRow['read']) =>
    Object.fromEntries(fields.map((field) => [field, read[field]?.value ?? null]));
  const { id, state, refusal, conversionId } = row;
  const { changed, message } = reread;
  const [before, after] = [shown(row.read), shown(message.read)];
  answer.sample.push({ id, state, refusal, becomes, conversionId, changed, before, after });
};

type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'produce' | 'secrets' | 'now'>;

/** Today's settings by key, each read once per replay. @throws Problem 404 for `asNetwork`
 *  @param unsaved settings of one network as they would be */
const networkReader = async (
  { dataSource }: Pick<Ports, 'dataSource'>,
  asNetwork: string | undefined,
  unsaved: Network | null,
): Promise<(key: string | null) => Promise<Network | null>> => {
  const read = async (key: string) => {
    const entry = await findCatalogEntry(dataSource, 'network', key);
    return (entry?.body as Network | undefined) ?? null;
  };
  if (asNetwork !== undefined && !(await read(asNetwork))) throw notFound('network', asNetwork);
  const known = new Map<string, Promise<Network | null>>();
  if (unsaved) known.set(unsaved.key, Promise.resolve(unsaved));
  return (own) => {
    const key = asNetwork ?? own;
    if (key === null) return Promise.resolve(null);
    const network = known.get(key) ?? read(key);
    known.set(key, network);
    return network;
  };
};

const note = ({ dataSource }: Pick<Ports, 'dataSource'>, actor: AuditActor, action: string, after: object) =>
  audited(dataSource, actor, ({ audit }) => audit({ action, kind: 'postback', key: '', after }));

/** The results of a replay so far, and the cursor of what is left. */
type ReplayProgress = ReplayAnswer;

type ReplayRun = {
  /** What an earlier run left, for a job that goes on after a crash. A dry run begins again,
   *  because what its calls would move is known in memory only. */
  from: ReplayProgress | null;
  /** Called after each page; what it throws ends the replay there. */
  save: (progress: ReplayProgress) => Promise<void>;
  /** Settings of a network that a dry run reads its calls with. */
  unsaved?: Network | null;
};

/** Replays up to `limit` calls. */
export const replayPostbacks = async (
  ports: Ports,
  { actor, body }: { actor: AuditActor; body: ReplayBody },
  { from, save, unsaved = null }: ReplayRun,
): Promise<ReplayAnswer> => {
  const { filter, dryRun, limit, cursor, asNetwork, everything } = body;
  const networkOf = await networkReader(ports, asNetwork, unsaved);
  const recognise = (text: string) => readClickId(text, ports.secrets);
  const named = filter.refusal?.not === false ? filter.refusal.values : [];
  const options = { everything, named, vouched: asNetwork !== undefined };
  const answer = (!dryRun && from) || emptyAnswer(dryRun);
  const whatIf = dryRun ? await openWhatIf(ports, ports.now().getTime()) : null;
  let before = placeOf(decodeCursor(answer.next ?? cursor, ...timeAndId));
  while (answer.matched < limit) {
    const pageLimit = Math.min(pageRows, limit - answer.matched);
    const { rows, stoppedAt } = await listWholePostbacks(ports.pool, filter, { before, limit: pageLimit });
    const next = stoppedAt ?? rows.at(-1);
    if (!next) {
      before = null;
      break;
    }
    const replayed: Replayed[] = [];
    for (const row of rows) {
      const reread = rereadPostback(row, await networkOf(row.networkKey), recognise, options);
      count(answer, row, reread);
      if (reread.kind === 'replay') replayed.push({ row, message: reread.message });
    }
    if (whatIf) await whatIf.add(replayed);
    else if (replayed.length > 0) {
      // The audit line comes before the first call, so that an interrupted replay has one too.
      if (answer.replayed === replayed.length) await note(ports, actor, 'replay_begun', body);
      await ports.produce(replayed.map(({ message }) => postbackRecordOf(message)));
    }
    before = { at: next.at, id: next.id };
    answer.next = encodeCursor([before.at, before.id]);
    await save(answer);
  }
  answer.next = before && encodeCursor([before.at, before.id]);
  if (whatIf) answer.moves = showMoves(whatIf.moves());
  if (!dryRun && answer.replayed > 0) {
    const { matched, replayed, skipped, changes, becomes } = answer;
    await note(ports, actor, 'replayed', { ...body, matched, replayed, skipped, changes, becomes });
  }
  return answer;
};
