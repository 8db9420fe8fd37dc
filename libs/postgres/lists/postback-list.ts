import type { PostbackReceivedV1, PostbackState } from '#contracts';
import type { Queryable } from '../connection/database.js';
import { narrowToFew } from './few-conversions.js';
import { createFilter, inAnyCase, lets, only, type Choice, type ListFilter } from './list-filter.js';
import { placeText, runList, type List, type Page } from './run-list.js';

/** The log of inbound calls, as the API reads it. Written by attribution. */
export type PostbackSummary = {
  id: string;
  receivedAt: Date;
  decidedAt: Date;
  networkKey: string | null;
  state: PostbackState;
  refusal: string | null;
  channel: string;
  authenticatedBy: PostbackReceivedV1['authenticatedBy'];
  /** What shows that the call comes from its network. Null: a call from before this was kept. */
  proof: PostbackReceivedV1['proof'] | null;
  clickId: string | null;
  transactionId: string | null;
  /** The status as the network wrote it. */
  statusWord: string | null;
  read: PostbackReceivedV1['read'];
  problems: PostbackReceivedV1['problems'];
  remoteAddress: string | null;
  uploadId: string | null;
  baseId: string | null;
  conversionId: string | null;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  externalId: string | null;
  test: boolean;
  suppressDelivery: boolean;
  replayCount: number;
};
export type PostbackRow = PostbackSummary & { raw: PostbackReceivedV1['raw']; replays: unknown[] };

/** The filters that hold one column, or one expression over the columns, to a choice: those that
 *  leave few rows by an index, and the others. */
const few = {
  conversionId: 'p.conversion_id',
  transactionId: 'p.transaction_id',
  externalId: 'c.external_id',
} as const;
const others = {
  campaignKey: 'c.campaign_key',
  sourceKey: 'c.source_key',
  offerKey: 'c.offer_key',
  state: 'p.state',
  refusal: 'p.refusal',
  channel: 'p.channel',
  authenticatedBy: 'p.authenticated_by',
  statusWord: "p.read -> 'status' ->> 'raw'",
  remoteAddress: "p.raw ->> 'remoteAddress'",
} as const;
const uploadId = "split_part(p.raw -> 'headers' ->> 'carom-upload', '/', 1)";
const choices = { ...few, ...others, uploadId, networkKey: 'p.network_key' };
type ChoiceName = keyof typeof choices;
const choiceNames = Object.keys(choices) as ChoiceName[];

export type PostbackFilter = { [Name in ChoiceName]?: Choice | undefined } & {
  id?: Choice | undefined;
  /** Found in any case: networks send click ids back in either. */
  clickId?: Choice | undefined;
  problem?: Choice | undefined;
  test?: boolean | undefined;
  /** A part of the URL as it was called. */
  text?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

const summaryColumns = `p.id, p.received_at as "receivedAt", p.decided_at as "decidedAt", p.network_key as "networkKey", p.state,
  p.refusal, p.channel, p.authenticated_by as "authenticatedBy", p.proof, p.click_id as "clickId",
  p.transaction_id as "transactionId", p.read -> 'status' ->> 'raw' as "statusWord", p.read, p.problems,
  p.raw ->> 'remoteAddress' as "remoteAddress", nullif(${uploadId}, '') as "uploadId", p.base_id as "baseId",
  p.conversion_id as "conversionId", c.campaign_key as "campaignKey", c.source_key as "sourceKey",
  c.offer_key as "offerKey", c.external_id as "externalId", p.test, p.suppress_delivery as "suppressDelivery",
  jsonb_array_length(p.replays) as "replayCount"`;
const from = 'postbacks p left join conversions c on c.id = p.conversion_id';
/** The conversion of one row at a time, by its key: a join may read all conversions instead. */
const fromEach =
  'postbacks p left join lateral (select * from conversions k where k.id = p.conversion_id offset 0) c on true';

/** The log is partitioned by time, and a UUID v7 holds the time at which it was made. So an id
 *  alone finds its partition. */
const timeOfId = (id: string): number | null =>
  id[14] === '7' ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;

const aroundMs = 60_000;
/** Finds each call in the minutes around the time that its id holds. An id without a time is looked
 *  for like anything else. */
const byIds = (where: ListFilter, id: Choice | undefined): ListFilter => {
  const times = (id?.values ?? []).map(timeOfId).filter((time) => time !== null);
  if (!id || id.not || times.length < id.values.length) return where.choose('p.id', id);
  const around = (ms: number) => where.place(times.map((time) => new Date(time + ms)));
  const moment = (time: number) => `${where.place(new Date(time))}::timestamptz`;
  const [first, last] = [Math.min(...times) - aroundMs, Math.max(...times) + aroundMs];
  const all = `p.received_at >= ${moment(first)} and p.received_at <= ${moment(last)} and p.id = any(${where.place(id.values)}::uuid[])`;
  return where.byBranches(all, () => [
    {
      parts: id.values.length,
      each: `unnest(${where.place(id.values)}::uuid[], ${around(-aroundMs)}::timestamptz[], ${around(aroundMs)}::timestamptz[])
        v (id, early, late)`,
      where: 'p.id = v.id and p.received_at >= v.early and p.received_at <= v.late',
    },
  ]);
};

const indexedStates: readonly string[] = ['refused', 'orphan', 'parked'];
const notApplied = "p.state in ('refused', 'orphan', 'parked')";
const isOnly = ({ not, values }: Choice, test: (value: string) => boolean): boolean => !not && values.every(test);

const postbackWhere = (filter: PostbackFilter): ListFilter => {
  // Only refused calls have a refusal.
  const isRefused = filter.refusal !== undefined && isOnly(filter.refusal, (code) => code !== '');
  const state = filter.state ?? (isRefused ? only('refused') : undefined);
  const isIndexed = state !== undefined && isOnly(state, (each) => indexedStates.includes(each));
  const where = byIds(createFilter('p.received_at'), filter.id).byFew('p.click_id', inAnyCase(filter.clickId));
  for (const name of Object.keys(few) as (keyof typeof few)[]) where.byFew(few[name], filter[name]);
  where
    .byIndex(uploadId, filter.uploadId, { also: "p.channel = 'upload'" })
    .byIndex('p.state', isIndexed ? state : undefined, { also: notApplied })
    .byIndex('p.network_key', filter.networkKey, { none: true })
    .bound('>=', filter.from)
    .bound('<', filter.to)
    .chooseIn(
      "(p.problems <> '[]' and exists (select from jsonb_array_elements(p.problems) q where $?))",
      "q.value ->> 'code'",
      filter.problem,
    )
    .and('p.test = $?', filter.test)
    .and("position(lower($?) in lower(p.raw ->> 'target')) > 0", filter.text);
  for (const name of Object.keys(others) as (keyof typeof others)[])
    if (name !== 'state' || !isIndexed) where.choose(others[name], filter[name]);
  return where;
};

/** The same filters on a row in memory; the text of the call, which a summary does not hold, is
 *  left out. */
export const letsPostback = (filter: PostbackFilter, row: PostbackSummary): boolean =>
  choiceNames.every((name) => lets(filter[name], row[name])) &&
  lets(filter.id, row.id) &&
  lets(inAnyCase(filter.clickId), row.clickId) &&
  (filter.problem === undefined ||
    row.problems.some(({ code }) => filter.problem?.values.includes(code)) !== filter.problem.not) &&
  (filter.test === undefined || filter.test === row.test) &&
  (filter.from === undefined || row.receivedAt >= filter.from) &&
  (filter.to === undefined || row.receivedAt < filter.to);

export const postbackList = (filter: PostbackFilter): List => ({
  columns: summaryColumns,
  from,
  fromEach,
  rowsFrom: 'postbacks p',
  time: 'p.received_at',
  id: 'p.id',
  filter: postbackWhere(filter),
});

/** Networks have an index of their own. */
const narrowed = (db: Queryable, { networkKey: _, ...filter }: PostbackFilter, list: List): Promise<List> =>
  narrowToFew(db, { list, filter, table: 'postbacks p' });

/** Newest first, without the calls as they came. */
export const listPostbacks = async (db: Queryable, filter: PostbackFilter, page: Page) =>
  runList<PostbackSummary>(db, await narrowed(db, filter, postbackList(filter)), page);

/** Newest first, with the whole call. */
export const listWholePostbacks = async (db: Queryable, filter: PostbackFilter, page: Page) => {
  const list = { ...postbackList(filter), columns: `${summaryColumns}, p.raw, p.replays` };
  return runList<PostbackRow>(db, await narrowed(db, filter, list), page);
};

/** Calls in the order in which they were decided, from a place on: what a stream follows. */
export const postbacksDecidedSince = async (
  db: Queryable,
  filter: PostbackFilter,
  after: { at: string; id: string },
  limit: number,
): Promise<(PostbackSummary & { at: string })[]> => {
  const where = postbackWhere(filter);
  const [at, id, most] = [where.values.push(after.at), where.values.push(after.id), where.values.push(limit)];
  const { rows } = await db.query<PostbackSummary & { at: string }>(
    `select ${summaryColumns}, ${placeText('p.decided_at')} as at from ${from}
     where ${where.where()} and (p.decided_at, p.id) > ($${at}::timestamptz, $${id}::uuid)
     order by p.decided_at, p.id limit $${most}`,
    where.values,
  );
  return rows;
};

export const postbackSummaryGroups = ['networkKey', 'state', 'refusal', 'statusWord', 'problem'] as const;
type PostbackSummaryGroup = (typeof postbackSummaryGroups)[number];
type PostbackCount = { key: (string | null)[]; count: number; lastAt: Date; sampleId: string };

/** Counts calls by what is the same of them, most first, with the newest of each as a sample. */
export const countPostbacks = async (
  db: Queryable,
  filter: PostbackFilter,
  groups: readonly PostbackSummaryGroup[],
  limit: number,
): Promise<PostbackCount[]> => {
  const where = postbackWhere(filter);
  const expressions = groups.map((group) => (group === 'problem' ? "q.value ->> 'code'" : choices[group]));
  const byProblem = groups.includes('problem') ? 'left join lateral jsonb_array_elements(p.problems) q on true' : '';
  const { rows } = await db.query<PostbackCount>(
    `select jsonb_build_array(${expressions.join(', ')}) as key, count(*)::float8 as count, max(p.received_at) as "lastAt",
       (array_agg(p.id order by p.received_at desc, p.id desc))[1] as "sampleId"
     from ${from} ${byProblem} where ${where.where()} group by 1 order by 2 desc, 1 limit $${where.values.push(limit)}`,
    where.values,
  );
  return rows;
};
