import type pg from 'pg';

/** Everything here asks Postgres in words of its own, not through the stores under test. */

export type LogAccount = {
  accepted: number;
  /** Accepted ids that are not in the log. */
  missing: number;
  /** Accepted ids that are in the log more than once. */
  twice: number;
  states: Record<string, number>;
};

/** What became of the postbacks that got a 2xx (P1, P2), by the ids that their answers carried. */
export const accountLog = async (pool: pg.Pool, acceptedIds: readonly string[]): Promise<LogAccount> => {
  const { rows } = await pool.query<{ state: string; id: string }>(
    'select id, state from postbacks where id = any($1::uuid[])',
    [acceptedIds],
  );
  const seen = new Set<string>();
  const states: Record<string, number> = {};
  for (const { id, state } of rows) {
    seen.add(id);
    states[state] = (states[state] ?? 0) + 1;
  }
  const accepted = new Set(acceptedIds).size;
  return { accepted, missing: accepted - seen.size, twice: rows.length - seen.size, states };
};

export const sumOf = (states: Record<string, number>): number => Object.values(states).reduce((sum, n) => sum + n, 0);

type MoneyRow = { transactionId: string; state: string; approved: number; externalId: string | null };

/** The conversions by transaction id, with money in whole units. A transaction that has two
 * conversions appears twice. */
export const conversionsOf = async (pool: pg.Pool): Promise<MoneyRow[]> => {
  const { rows } = await pool.query<MoneyRow>(`
    select transaction_id as "transactionId", state, (approved_nanos / 1000000000)::float8 as approved,
      external_id as "externalId"
    from conversions where state is not null`);
  return rows;
};

/** Conversions whose row is not the sum of their ledger entries, folded again here: none may be. */
export const ledgerDifferences = async (pool: pg.Pool): Promise<number> => {
  const bucket = (name: string) => `
    coalesce(sum(case when e.to_bucket = '${name}' then e.amount_nanos else 0 end), 0)
    - coalesce(sum(case when e.from_bucket = '${name}' then e.amount_nanos else 0 end), 0) as ${name}`;
  const names = ['pending', 'approved', 'rejected', 'reversed'];
  const { rows } = await pool.query<{ n: string }>(`
    with folded as (
      select e.conversion_id, ${names.map(bucket).join(', ')} from ledger_entries e group by 1
    )
    select count(*)::text as n from conversions c full join folded f on f.conversion_id = c.id
    where (c.id is null or c.state is not null) and (c.id is null
      or ${names.map((name) => `coalesce(f.${name}, 0) <> c.${name}_nanos`).join(' or ')})`);
  return Number(rows[0]?.n);
};

export type DeliveryAccount = { owed: number; states: Record<string, number>; neverArrived: number; twice: number };

/** The deliveries as Postgres has them against the ids that the receivers counted (P6).
 *  @param arrived how often each delivery id arrived. */
export const accountDeliveries = async (
  pool: pg.Pool,
  arrived: ReadonlyMap<string, number>,
): Promise<DeliveryAccount> => {
  const { rows } = await pool.query<{ id: string; state: string; reason: string | null }>(
    'select id, state, reason from deliveries',
  );
  const states: Record<string, number> = {};
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1;
  // Superseded before it was sent, or parked because it cannot be sent (no click id of the source):
  // not owed.
  const owed = rows.filter(({ state, reason }) => state !== 'superseded' && !reason?.startsWith('external_id'));
  return {
    owed: owed.length,
    states,
    neverArrived: owed.filter(({ id }) => !arrived.has(id)).length,
    twice: [...arrived.values()].reduce((sum, n) => sum + n - 1, 0),
  };
};

export const count = async (pool: pg.Pool, sql: string, values: unknown[] = []): Promise<number> => {
  const { rows } = await pool.query<{ n: string }>(sql, values);
  return Number(rows[0]?.n ?? 0);
};
