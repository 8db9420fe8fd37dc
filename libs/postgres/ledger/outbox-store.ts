import type { ConversionChangedV1 } from '#contracts';
import type { Queryable } from '../connection/database.js';

/** The outbox: conversion changes that no Kafka offset would bring again (holds, caps, orphans).
 * They are written in the transaction that makes them, published after it, and deleted when Kafka
 * has them. */

export const insertOutbox = async (db: Queryable, changes: readonly ConversionChangedV1[]): Promise<void> => {
  if (changes.length === 0) return;
  await db.query({
    name: 'insert-outbox',
    text: `insert into conversion_outbox (conversion_id, revision, message)
      select o.conversion, o.revision, o.message
      from rows from (unnest($1::uuid[], $2::integer[]), jsonb_array_elements($3::jsonb)) as o (conversion, revision, message)`,
    values: [
      changes.map(({ conversionId }) => conversionId),
      changes.map(({ revision }) => revision),
      JSON.stringify(changes),
    ],
  });
};

export type OutboxRow = { id: bigint; message: ConversionChangedV1 };

/** Takes the oldest changes for `leaseMs`: no other process takes them meanwhile, and after it any
 * does. */
export const claimOutbox = async (
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<OutboxRow[]> => {
  const { rows } = await db.query<OutboxRow>({
    name: 'claim-outbox',
    text: `update conversion_outbox o set leased_until = clock_timestamp() + $2::bigint * interval '1 millisecond'
      where o.id in (select id from conversion_outbox where leased_until <= clock_timestamp()
        order by id limit $1 for update skip locked)
      returning o.id, o.message`,
    values: [limit, leaseMs],
  });
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
};

export const deleteOutbox = async (db: Queryable, ids: readonly bigint[]): Promise<void> => {
  if (ids.length === 0) return;
  await db.query({
    name: 'delete-outbox',
    text: 'delete from conversion_outbox where id = any($1::bigint[])',
    values: [ids.map(String)],
  });
};

/** Age of the oldest change that is not published yet, in ms; 0: there is none. */
export const outboxAge = async (db: Queryable): Promise<number> => {
  const { rows } = await db.query<{ age: number }>({
    name: 'outbox-age',
    text: `select (extract(epoch from clock_timestamp() - recorded_at) * 1000)::float8 as age
      from conversion_outbox order by id limit 1`,
  });
  return Math.max(0, rows[0]?.age ?? 0);
};
