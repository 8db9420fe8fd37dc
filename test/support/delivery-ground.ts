import { randomUUID } from 'node:crypto';
import { deliveryIdOf, type ConversionFacts, type NewDelivery } from '#domain';
import { claimDue, destinationsWaiting, insertDeliveries, planningOptions, type Outcome } from '#postgres';
import pg from 'pg';
import { conversionChange, conversionIdOf } from './dispatch-ground.js';
import { openTestGround } from './ground.js';

export const nowMs = Date.now();

export const delivery = (word: string, fields: Partial<NewDelivery> = {}): NewDelivery => {
  const conversionId = conversionIdOf(word);
  const once = fields.once ?? fields.cause ?? 'approved';
  const destinationKey = fields.destinationKey ?? 'source:ads';
  const facts: ConversionFacts = conversionChange(word);
  return {
    id: deliveryIdOf(conversionId, destinationKey, once),
    conversionId,
    destinationKey,
    cause: 'approved',
    once,
    revision: 1,
    state: 'waiting',
    reason: null,
    facts,
    ...fields,
  };
};

export const outcome = (row: NewDelivery, fields: Partial<Outcome> = {}): Outcome => ({
  ...row,
  state: 'delivered',
  reason: null,
  dueInMs: null,
  attempt: {
    atMs: nowMs,
    number: 1,
    method: 'GET',
    url: 'https://ads.example/',
    status: 200,
    ms: 5,
    outcome: 'delivered',
    answer: 'OK',
    ...{ connectMs: 1, headersMs: 4, requestHeaders: null, requestBody: null, answerHeaders: null },
  },
  ...fields,
});

/** A database for tests of deliveries, with two processes that may own them. */
export const openDeliveryGround = async () => {
  const ground = await openTestGround();
  const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 4, options: planningOptions.once });
  const me = randomUUID();
  const other = randomUUID();

  const insert = async (...rows: NewDelivery[]) =>
    new Set((await insertDeliveries(pool, me, rows, nowMs - 1_000)).keys());
  const claimAll = (owner: string, room = 100) =>
    destinationsWaiting(pool).then((due) =>
      claimDue(
        pool,
        owner,
        due.map(({ destinationKey }) => ({ destinationKey, room })),
      ),
    );
  const states = async () =>
    Object.fromEntries(
      (await pool.query<{ id: string; state: string }>('select id, state from deliveries')).rows.map(
        ({ id, state }) => [id, state],
      ),
    );

  return {
    databaseUrl: ground.databaseUrl,
    pool,
    me,
    other,
    insert,
    claimAll,
    states,
    clear: () =>
      pool.query(
        'truncate deliveries, delivery_attempts, dispatch_processes, dispatch_batches, dispatch_witnesses, destination_states',
      ),
    close: async (): Promise<void> => {
      await pool.end();
      await ground.close();
    },
  };
};
export type DeliveryGround = Awaited<ReturnType<typeof openDeliveryGround>>;
