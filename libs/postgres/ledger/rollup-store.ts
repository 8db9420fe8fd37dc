import type { RollupDelta } from '#domain';
import type pg from 'pg';
import type { Queryable } from '../connection/database.js';

const columns = `at, campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks, pending_count,
  approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
  cost_nanos`;

/** Appends figures, in the caller's transaction. */
export const appendRollups = async (db: Queryable, deltas: readonly RollupDelta[], nowMs: number): Promise<void> => {
  if (deltas.length === 0) return;
  const column = <Value>(of: (delta: RollupDelta) => Value): Value[] => deltas.map(of);
  await db.query({
    name: 'append-rollups',
    text: `insert into rollup_deltas (recorded_at, ${columns})
      select $1::timestamptz, to_timestamp(d.at / 1000), d.campaign, d.source, d.offer, d.network, d.event, d.tokens::jsonb, d.currency,
        d.clicks, d.uniques, d.pending_count, d.approved_count, d.rejected_count, d.reversed_count, d.unknown_count,
        d.pending, d.approved, d.rejected, d.reversed, d.cost
      from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
        $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::numeric[], $18::numeric[],
        $19::numeric[], $20::numeric[], $21::numeric[])
        as d (at, campaign, source, offer, network, event, tokens, currency, clicks, uniques, pending_count, approved_count,
          rejected_count, reversed_count, unknown_count, pending, approved, rejected, reversed, cost)`,
    values: [
      new Date(nowMs).toISOString(),
      column(({ atMs }) => atMs),
      column(({ campaignKey }) => campaignKey ?? ''),
      column(({ sourceKey }) => sourceKey ?? ''),
      column(({ offerKey }) => offerKey ?? ''),
      column(({ networkKey }) => networkKey),
      column(({ event }) => event ?? ''),
      column(({ tokens }) => JSON.stringify(tokens)),
      column(({ currency }) => currency),
      column(({ clicks }) => clicks),
      column(({ uniqueClicks }) => uniqueClicks),
      column(({ pendingCount }) => pendingCount),
      column(({ approvedCount }) => approvedCount),
      column(({ rejectedCount }) => rejectedCount),
      column(({ reversedCount }) => reversedCount),
      column(({ unknownCount }) => unknownCount),
      column(({ money }) => money.pending.toString()),
      column(({ money }) => money.approved.toString()),
      column(({ money }) => money.rejected.toString()),
      column(({ money }) => money.reversed.toString()),
      column(({ costNanos }) => costNanos.toString()),
    ],
  });
};

const mergedAtOnce = 20_000;
const maxPasses = 100;

/** Adds appended figures up; a report shows the same sum before, during and after it. A row that
 * cannot be merged is passed by, and reports still read it. Counts of calls and deliveries are
 * added up too.
 *  @returns how many rows were merged, and how many are passed by for good. */
export const mergeRollups = async (
  pool: pg.Pool,
  signal?: AbortSignal,
): Promise<{ merged: number; skipped: number }> => {
  let merged = 0;
  for (let pass = 0; pass < maxPasses && !signal?.aborted; pass += 1) {
    const { rows } = await pool.query<{ merged: number; skipped: number }>(
      'select merged, skipped from merge_rollups($1)',
      [mergedAtOnce],
    );
    const [some] = rows;
    merged += some?.merged ?? 0;
    if ((some?.merged ?? 0) + (some?.skipped ?? 0) < mergedAtOnce) break;
  }
  await mergeCounts(pool, signal);
  const { rows } = await pool.query<{ skipped: bigint }>(
    'select count(*) as skipped from rollup_deltas where skipped_at is not null',
  );
  return { merged, skipped: Number(rows[0]?.skipped ?? 0n) };
};

const mergeCounts = async (pool: pg.Pool, signal?: AbortSignal): Promise<void> => {
  for (let pass = 0; pass < maxPasses && !signal?.aborted; pass += 1) {
    const { rows } = await pool.query<{ merged: number }>('select merge_counts($1) as merged', [mergedAtOnce]);
    if ((rows[0]?.merged ?? 0) < mergedAtOnce) break;
  }
};
