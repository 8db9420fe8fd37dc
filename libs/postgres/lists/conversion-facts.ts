import {
  formatNanos,
  valueNanosOf,
  type Attribution,
  type ConversionFacts,
  type ConversionState,
  type Mark,
} from '#domain';
import type { Queryable } from '../connection/database.js';

type Row = {
  network_key: string;
  click_id: string | null;
  event: string | null;
  transaction_id: string | null;
  state: ConversionState;
  marks: Mark[];
  currency: string | null;
  money_known: boolean;
  pending_nanos: string;
  approved_nanos: string;
  rejected_nanos: string;
  reversed_nanos: string;
  occurred_at: Date;
  revision: number;
  restored: number;
  attribution: Attribution | null;
};

type Course = Pick<ConversionFacts, 'previousState' | 'previousValue' | 'suppressDelivery'>;

/** The facts of the last change that the row lacks; the log has them, with the postback that made
 *  the change. A change by a rule of time has no postback and is not suppressed. */
const courseOf = async (db: Queryable, conversionId: string, revision: number): Promise<Course> => {
  const { rows } = await db.query<Course>(
    `select c.change ->> 'previousState' as "previousState", c.change ->> 'previousValue' as "previousValue",
       (c.change ->> 'suppressDelivery')::boolean as "suppressDelivery"
     from postbacks p cross join lateral jsonb_array_elements(p.outcome) as c (change)
     where p.conversion_id = $1 and c.change ->> 'conversionId' = $1::text and (c.change ->> 'revision')::int = $2 limit 1`,
    [conversionId, revision],
  );
  return rows[0] ?? { previousState: null, previousValue: null, suppressDelivery: false };
};

/** The facts of a conversion that destinations receive: those that its last change was published
 *  with. */
export const findConversionFacts = async (db: Queryable, conversionId: string): Promise<ConversionFacts | null> => {
  const { rows } = await db.query<Row>(
    `select network_key, click_id, event, transaction_id, state, marks, currency, money_known, pending_nanos, approved_nanos,
       rejected_nanos, reversed_nanos, occurred_at, revision, restored, attributions -> click_id as attribution
     from conversions where id = $1 and state is not null`,
    [conversionId],
  );
  const row = rows[0];
  if (!row) return null;
  const { state, attribution } = row;
  const money = row.money_known
    ? {
        pending: BigInt(row.pending_nanos),
        approved: BigInt(row.approved_nanos),
        rejected: BigInt(row.rejected_nanos),
        reversed: BigInt(row.reversed_nanos),
      }
    : null;
  const value = valueNanosOf({ state, money });
  return {
    conversionId,
    revision: row.revision,
    networkKey: row.network_key,
    campaignKey: attribution?.campaignKey ?? null,
    sourceKey: attribution?.sourceKey ?? null,
    offerKey: attribution?.offerKey ?? null,
    clickId: row.click_id,
    clickedAtMs: attribution?.clickedAtMs ?? null,
    externalId: attribution?.externalId ?? null,
    externalIdRaw: attribution?.externalIdRaw ?? null,
    tokens: attribution?.tokens ?? {},
    visitor: attribution?.visitor ?? null,
    event: row.event,
    transactionId: row.transaction_id,
    state,
    restored: row.restored,
    marks: row.marks,
    currency: row.currency,
    value: value === null ? null : formatNanos(value),
    occurredAtMs: row.occurred_at.getTime(),
    ...(await courseOf(db, conversionId, row.revision)),
  };
};

/** How many clicks of a source are among the last ones recorded, and how many of those carried
 *  the source's own click id. It looks at a bounded number of clicks of all sources, so that a
 *  quiet source costs no more than a busy one. */
export const recentClicksOf = async (db: Queryable, sourceKey: string): Promise<{ seen: number; withId: number }> => {
  const { rows } = await db.query<{ seen: number; withId: number }>(
    `select count(*)::int as seen, count(external_id)::int as "withId"
     from (select source_key, external_id from clicks order by clicked_at desc limit 20000) c where source_key = $1`,
    [sourceKey],
  );
  return rows[0] ?? { seen: 0, withId: 0 };
};
