import type { ConversionState, DeliveryState } from '#domain';
import type { Queryable } from '../connection/database.js';
import { createFilter, runList, type Page } from '../connection/list-filter.js';

/** Deliveries with their attempts, as the API reads them. Written by dispatch; attempts carry their URLs redacted already. */

export type AttemptRow = {
  at: Date;
  method: string;
  url: string;
  status: number | null;
  ms: number;
  outcome: string;
  reason: string | null;
  answer: string | null;
};
export type DeliveryRow = {
  id: string;
  conversionId: string;
  destinationKey: string;
  cause: ConversionState;
  revision: number;
  state: DeliveryState;
  reason: string | null;
  dueAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
  replays: number;
};
export type DeliveryFilter = {
  id?: string;
  conversionId?: string;
  destinationKey?: string;
  state?: DeliveryState;
  cause?: ConversionState;
  reason?: string;
  from?: Date;
  to?: Date;
};

const columns = `id, conversion_id as "conversionId", destination_key as "destinationKey", cause, revision, state, reason,
  due_at as "dueAt", created_at as "createdAt", finished_at as "finishedAt", replays`;

const attemptsOf = async (db: Queryable, deliveryIds: readonly string[]): Promise<Map<string, AttemptRow[]>> => {
  if (deliveryIds.length === 0) return new Map();
  const { rows } = await db.query<AttemptRow & { deliveryId: string }>(
    `select delivery_id as "deliveryId", at, method, url, status, ms, outcome, reason, answer
     from delivery_attempts where delivery_id = any($1) order by at, number`,
    [deliveryIds],
  );
  const byDelivery = new Map<string, AttemptRow[]>();
  for (const { deliveryId, ...attempt } of rows) {
    const attempts = byDelivery.get(deliveryId);
    if (attempts) attempts.push(attempt);
    else byDelivery.set(deliveryId, [attempt]);
  }
  return byDelivery;
};

/** Newest first. */
export const listDeliveries = async (
  db: Queryable,
  filter: DeliveryFilter,
  page: Page,
): Promise<(DeliveryRow & { at: string; attempts: AttemptRow[] })[]> => {
  const rows = await runList<DeliveryRow>(db, {
    columns,
    from: 'deliveries',
    time: 'created_at',
    id: 'id',
    page,
    filter: createFilter()
      .and('id = $?', filter.id)
      .and('conversion_id = $?', filter.conversionId)
      .and('destination_key = $?', filter.destinationKey)
      // Of what waits or is parked there is an index.
      .and(filter.state === 'waiting' || filter.state === 'parked' ? 'queue = $?' : 'state = $?', filter.state)
      .and('cause = $?', filter.cause)
      .and('reason = $?', filter.reason)
      .and('created_at >= $?', filter.from)
      .and('created_at < $?', filter.to),
  });
  const attempts = await attemptsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, attempts: attempts.get(row.id) ?? [] }));
};
