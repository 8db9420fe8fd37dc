import { dayMs, derivedUuid, type RollupDelta } from '#domain';
import type { Queryable } from '../connection/database.js';
import { appendRollups } from './rollup-store.js';
import { advisoryLocks } from '../connection/locks.js';

/** What a day (UTC) of a campaign cost in all, or a day of one value of its tokens: `tokens` empty,
 * or `{zone: "771"}`. */
export type StatedCost = {
  day: string;
  campaignKey: string;
  sourceKey: string;
  tokens: Record<string, string>;
  amountNanos: bigint;
  currency: string;
};
export type CostChange = StatedCost & { stoodNanos: bigint; changeNanos: bigint };

const standing = async (db: Queryable, { day, campaignKey, tokens }: StatedCost): Promise<Map<string, bigint>> => {
  const { rows } = await db.query<{ currency: string; cost: string }>(
    `select currency, sum(cost_nanos) as cost from rollups
     where at >= to_timestamp($1::bigint / 1000) and at < to_timestamp($2::bigint / 1000) and campaign_key = $3
       and tokens @> $4::jsonb and cost_nanos <> 0 group by currency`,
    [Date.parse(day), Date.parse(day) + dayMs, campaignKey, JSON.stringify(tokens)],
  );
  return new Map(rows.map(({ currency, cost }) => [currency, BigInt(cost)]));
};

const rollupOf = ({ day, campaignKey, sourceKey, tokens, currency, changeNanos }: CostChange): RollupDelta => ({
  // Noon: in the day of that name in most of the world's zones, when a report is not in UTC.
  atMs: Date.parse(day) + dayMs / 2,
  campaignKey,
  sourceKey,
  offerKey: null,
  networkKey: '',
  event: null,
  tokens,
  currency,
  clicks: 0,
  uniqueClicks: 0,
  pendingCount: 0,
  approvedCount: 0,
  rejectedCount: 0,
  reversedCount: 0,
  unknownCount: 0,
  money: { pending: 0n, approved: 0n, rejected: 0n, reversed: 0n },
  costNanos: changeNanos,
});

/** Restates costs: writes the difference between what is stated and what the books hold, as entries
 * and as hourly figures. Amounts in other currencies are reversed, because the statement covers
 * the whole day. Restating the same again changes nothing; with `dryRun` nothing is written.
 *  @param db a connection in a transaction
 *  @returns the changes, those of nothing left out */
export const restateCosts = async (
  db: Queryable,
  stated: readonly StatedCost[],
  { uploadId, nowMs, dryRun }: { uploadId: string; nowMs: number; dryRun: boolean },
): Promise<CostChange[]> => {
  // Two uploads at once would both read the same books.
  await db.query(`select pg_advisory_xact_lock(${advisoryLocks.costs})`);
  // An upload that is sent again, because its answer was lost, was taken already.
  const taken = await db.query('select 1 from cost_entries where upload_id = $1 limit 1', [uploadId]);
  if (taken.rows.length > 0) return [];
  const changes: CostChange[] = [];
  // The narrower first: a token's cost, then the whole day's, in whichever order the file has them.
  const breadth = ({ tokens }: StatedCost) => -Object.keys(tokens).length;
  for (const row of stated.toSorted((a, b) => breadth(a) - breadth(b))) {
    const stood = await standing(db, row);
    const currencies = new Set([row.currency, ...stood.keys()]);
    const own: CostChange[] = [...currencies].flatMap((currency) => {
      const amountNanos = currency === row.currency ? row.amountNanos : 0n;
      const stoodNanos = stood.get(currency) ?? 0n;
      const changeNanos = amountNanos - stoodNanos;
      return changeNanos === 0n ? [] : [{ ...row, currency, amountNanos, stoodNanos, changeNanos }];
    });
    changes.push(...own);
    if (dryRun) continue;
    await writeEntries(db, own, uploadId, changes.length, nowMs);
    await appendRollups(db, own.map(rollupOf), nowMs);
  }
  return changes;
};

const writeEntries = async (
  db: Queryable,
  changes: readonly CostChange[],
  uploadId: string,
  ordinal: number,
  nowMs: number,
): Promise<void> => {
  for (const [index, change] of changes.entries())
    await db.query({
      name: 'append-cost-entry',
      text: `insert into cost_entries (id, recorded_at, day, campaign_key, tokens, amount_nanos, currency, stated_nanos, upload_id,
          source_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        derivedUuid('cost', uploadId, `${ordinal}`, `${index}`),
        new Date(nowMs).toISOString(),
        change.day,
        change.campaignKey,
        JSON.stringify(change.tokens),
        change.changeNanos.toString(),
        change.currency,
        change.amountNanos.toString(),
        uploadId,
        change.sourceKey,
      ],
    });
};
