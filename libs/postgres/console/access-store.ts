import type { Pool } from 'pg';
import { inTransaction, type Queryable } from '../connection/database.js';

/** Who may use the API: users, and the tokens they hold. Tokens are stored as SHA-256; the text exists only where it was shown once. */

export type Role = 'admin' | 'editor' | 'viewer';
export type TokenRow = {
  id: string;
  name: string;
  role: Role;
  userId: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};
export type UserRow = {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  createdAt: Date;
  disabledAt: Date | null;
};

const tokenColumns = `t.id, t.name, t.role, t.user_id as "userId", t.created_at as "createdAt", t.last_used_at as "lastUsedAt",
  t.revoked_at as "revokedAt"`;
const userColumns = `id, name, email, role, created_at as "createdAt", disabled_at as "disabledAt"`;

/** The good token with this hash. A token can do no more than its user may now, so the lesser of the two roles counts. */
export const findToken = async (
  db: Queryable,
  hash: Buffer,
): Promise<{ id: string; userId: string | null; name: string; role: Role } | null> => {
  const { rows } = await db.query<{
    id: string;
    userId: string | null;
    name: string;
    role: Role;
    userRole: Role | null;
  }>({
    name: 'find-token',
    text: `select t.id, t.user_id as "userId", coalesce(u.name || ' / ', '') || t.name as name, t.role, u.role as "userRole"
           from api_tokens t left join users u on u.id = t.user_id
           where t.hash = $1 and t.revoked_at is null and u.disabled_at is null`,
    values: [hash],
  });
  const row = rows[0];
  if (!row) return null;
  const role = row.userRole && rank[row.userRole] < rank[row.role] ? row.userRole : row.role;
  return { id: row.id, userId: row.userId, name: row.name, role };
};
const rank: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Notes the use of a token, at most once a minute, so that reading the API does not write a row per request. */
export const touchToken = async (db: Queryable, id: string): Promise<void> => {
  await db.query({
    name: 'touch-token',
    text: `update api_tokens set last_used_at = now()
           where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    values: [id],
  });
};

export const insertToken = async (
  db: Queryable,
  token: { id: string; name: string; role: Role; hash: Buffer; userId: string | null },
): Promise<TokenRow> => {
  const { rows } = await db.query<TokenRow>(
    `insert into api_tokens as t (id, name, role, hash, user_id) values ($1, $2, $3, $4, $5) returning ${tokenColumns}`,
    [token.id, token.name, token.role, token.hash, token.userId],
  );
  return rows[0]!;
};

/** Makes sure that exactly this token is good under this name, for a token that comes from the environment: an older one of the name
 *  is revoked, so that changing the variable changes the token. Safe from several processes at once. */
export const ensureToken = async (
  db: Queryable,
  token: { id: string; name: string; role: Role; hash: Buffer },
): Promise<void> => {
  await db.query('update api_tokens set revoked_at = now() where name = $1 and hash <> $2 and revoked_at is null', [
    token.name,
    token.hash,
  ]);
  await db.query(
    `insert into api_tokens (id, name, role, hash) values ($1, $2, $3, $4)
     on conflict (hash) do update set revoked_at = null, role = excluded.role`,
    [token.id, token.name, token.role, token.hash],
  );
};

/** Inserts the token only when there is none at all: the first start. Answers whether it did. Of two consoles that start at once on a
 *  new database one waits for the other, so that one admin token is made and shown. */
export const insertFirstToken = (
  pool: Pool,
  token: { id: string; name: string; role: Role; hash: Buffer },
): Promise<boolean> =>
  inTransaction(pool, async (client) => {
    await client.query('lock table api_tokens in share row exclusive mode');
    const { rowCount } = await client.query(
      `insert into api_tokens (id, name, role, hash)
       select $1, $2, $3, $4 where not exists (select from api_tokens)`,
      [token.id, token.name, token.role, token.hash],
    );
    return rowCount === 1;
  });

export const listTokens = async (db: Queryable): Promise<TokenRow[]> =>
  (await db.query<TokenRow>(`select ${tokenColumns} from api_tokens t order by t.created_at, t.id`)).rows;

/** The token as it was; null when there is none that is still good. */
export const revokeToken = async (db: Queryable, id: string): Promise<TokenRow | null> => {
  const { rows } = await db.query<TokenRow>(
    `update api_tokens t set revoked_at = now() where id = $1 and revoked_at is null returning ${tokenColumns}`,
    [id],
  );
  return rows[0] ?? null;
};

export const insertUser = async (
  db: Queryable,
  user: { id: string; name: string; email: string | null; role: Role },
): Promise<UserRow | 'email_taken'> => {
  const { rows } = await db.query<UserRow>(
    `insert into users (id, name, email, role) values ($1, $2, $3, $4)
     on conflict (email) do nothing returning ${userColumns}`,
    [user.id, user.name, user.email, user.role],
  );
  return rows[0] ?? 'email_taken';
};

export const listUsers = async (db: Queryable): Promise<UserRow[]> =>
  (await db.query<UserRow>(`select ${userColumns} from users order by created_at, id`)).rows;

/** The user, held against other changes until the transaction ends. */
export const lockUser = async (db: Queryable, id: string): Promise<UserRow | null> =>
  (await db.query<UserRow>(`select ${userColumns} from users where id = $1 for update`, [id])).rows[0] ?? null;

/** A change of role, or switching off and on again; what is undefined stays. Null: there is no such user. */
export const updateUser = async (
  db: Queryable,
  id: string,
  change: { role?: Role; disabled?: boolean },
): Promise<UserRow | null> => {
  const { rows } = await db.query<UserRow>(
    `update users set role = coalesce($2, role),
       disabled_at = case when $3::boolean then coalesce(disabled_at, now()) when not $3::boolean then null else disabled_at end
     where id = $1 returning ${userColumns}`,
    [id, change.role ?? null, change.disabled ?? null],
  );
  return rows[0] ?? null;
};
