import type { Queryable } from '../connection/database.js';

/** Answers to requests with an `Idempotency-Key`, kept for a day to be given again. */

type IdempotentKey = { actor: string; key: string };
type KeptAnswer = {
  fingerprint: Buffer;
  createdAt: Date;
  /** Null while the first request runs, or when its process died. */
  status: number | null;
  headers: Record<string, string> | null;
  answer: string | null;
};

const maxKeysPerActor = 10_000;

/** Takes a key for the request that came first.
 *  @returns `taken`, what an earlier request left, or `full` when the caller has too many live
 *  keys */
export const takeIdempotentKey = async (
  db: Queryable,
  { actor, key }: IdempotentKey,
  fingerprint: Buffer,
): Promise<'taken' | 'full' | KeptAnswer> => {
  const { rowCount } = await db.query({
    name: 'take-idempotent-key',
    text: `insert into idempotent_answers (actor, key, fingerprint)
           select $1, $2, $3 where (select count(*) from idempotent_answers where actor = $1) < $4
           on conflict do nothing`,
    values: [actor, key, fingerprint, maxKeysPerActor],
  });
  if (rowCount === 1) return 'taken';
  const { rows } = await db.query<KeptAnswer>({
    name: 'find-idempotent-answer',
    text: `select fingerprint, created_at as "createdAt", status, headers, answer from idempotent_answers
           where actor = $1 and key = $2`,
    values: [actor, key],
  });
  return rows[0] ?? 'full';
};

export const keepIdempotentAnswer = async (
  db: Queryable,
  { actor, key }: IdempotentKey,
  { status, headers, answer }: { status: number; headers: Record<string, string>; answer: string | null },
): Promise<void> => {
  await db.query({
    name: 'keep-idempotent-answer',
    text: 'update idempotent_answers set status = $3, headers = $4, answer = $5 where actor = $1 and key = $2',
    values: [actor, key, status, JSON.stringify(headers), answer],
  });
};

/** For a request that changed nothing: its key may be used again. */
export const dropIdempotentKey = async (db: Queryable, { actor, key }: IdempotentKey): Promise<void> => {
  await db.query({
    name: 'drop-idempotent-key',
    text: 'delete from idempotent_answers where actor = $1 and key = $2 and status is null',
    values: [actor, key],
  });
};

/** @returns how many, at most 5,000 at a time */
export const deleteOldIdempotentAnswers = async (db: Queryable): Promise<number> => {
  const { rowCount } = await db.query(
    `delete from idempotent_answers where (actor, key) in
       (select actor, key from idempotent_answers where created_at < now() - interval '1 day'
        order by created_at limit 5000)`,
  );
  return rowCount ?? 0;
};
