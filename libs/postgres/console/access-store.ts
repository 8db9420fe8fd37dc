import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import type { Queryable } from '../connection/database.js';
import { ApiToken, User, type Role } from './people.js';

/** Users and the tokens of the API. The look-up by token is explicit SQL: every request makes
 *  it. */

/** What a credential may do now. A token or a session can do no more than its user. */
export type Credential = {
  id: string;
  userId: string | null;
  tokenId: string | null;
  name: string;
  role: Role;
  seesVisitors: boolean;
  lastUsedAt: Date | null;
};

type CredentialRow = Omit<Credential, 'role' | 'seesVisitors'> & {
  tokenRole: Role | null;
  userRole: Role | null;
  tokenSees: boolean | null;
  userSees: boolean | null;
};

const rank: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** The lesser of the two roles counts. Editors and admins always see visitors. */
export const credentialOf = ({ tokenRole, userRole, tokenSees, userSees, ...row }: CredentialRow): Credential => {
  const roles = [tokenRole, userRole].filter((role) => role !== null).sort((x, y) => rank[x] - rank[y]);
  const role = roles[0] ?? 'viewer';
  const seesVisitors = role !== 'viewer' || ((tokenSees ?? true) && (userSees ?? true));
  return { ...row, role, seesVisitors };
};

export const credentialColumns = `coalesce(u.name || ' / ', '') || t.name as name,
  t.role as "tokenRole", u.role as "userRole", t.sees_visitors as "tokenSees", u.sees_visitors as "userSees"`;

/** The token with this hash, if it is neither revoked nor expired nor its user disabled. */
export const findToken = async (db: Queryable, hash: Buffer): Promise<Credential | null> => {
  const { rows } = await db.query<CredentialRow>({
    name: 'find-token',
    text: `select t.id, t.id as "tokenId", t.user_id as "userId", t.last_used_at as "lastUsedAt", ${credentialColumns}
           from api_tokens t left join users u on u.id = t.user_id
           where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
             and u.disabled_at is null`,
    values: [hash],
  });
  return rows[0] ? credentialOf(rows[0]) : null;
};

export const touchToken = async (db: Queryable, id: string, ip: string | null): Promise<void> => {
  await db.query({
    name: 'touch-token',
    text: 'update api_tokens set last_used_at = now(), last_used_ip = $2 where id = $1',
    values: [id, ip],
  });
};

type NewToken = Pick<ApiToken, 'id' | 'name' | 'role' | 'hash' | 'userId' | 'expiresAt' | 'seesVisitors'>;

export const insertToken = async (manager: EntityManager, token: NewToken): Promise<ApiToken> => {
  const tokens = manager.getRepository(ApiToken);
  await tokens.insert(token);
  return tokens.findOneByOrFail({ id: token.id });
};

type FixedToken = Pick<ApiToken, 'id' | 'name' | 'role' | 'hash'>;

/** Makes exactly this token valid under this name, for a token of the environment: an older one
 *  of the name is revoked, so that changing the variable changes the token. Safe from several
 *  processes. */
export const ensureToken = async (db: Queryable, token: FixedToken): Promise<void> => {
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

/** Whether anyone can sign in at all. */
export const hasToken = (dataSource: DataSource): Promise<boolean> =>
  dataSource.getRepository(ApiToken).existsBy({ revokedAt: IsNull() });

type ById = { afterId: string | null; limit: number };

/** Ids are UUID v7, so their order is that of creation. */
export const listTokens = (dataSource: DataSource, { afterId, limit }: ById): Promise<ApiToken[]> => {
  const query = dataSource.getRepository(ApiToken).createQueryBuilder('t').orderBy('t.id').limit(limit);
  if (afterId !== null) query.where('t.id > :afterId', { afterId });
  return query.getMany();
};

/** @returns the token with the time of its revocation; null when there is none that is still
 *  valid */
export const revokeToken = async (manager: EntityManager, id: string): Promise<ApiToken | null> => {
  const tokens = manager.getRepository(ApiToken);
  const { affected } = await tokens.update({ id, revokedAt: IsNull() }, { revokedAt: () => 'now()' });
  return affected === 1 ? tokens.findOneByOrFail({ id }) : null;
};

type NewUser = Pick<User, 'id' | 'name' | 'email' | 'role'>;

export const insertUser = async (manager: EntityManager, user: NewUser): Promise<User | 'email_taken'> => {
  const users = manager.getRepository(User);
  if (user.email !== null && (await isEmailTaken(manager, user.email, user.id))) return 'email_taken';
  await users.insert(user);
  return users.findOneByOrFail({ id: user.id });
};

/** Changes of e-mail addresses run one after another, so that no two users get the same one. */
const isEmailTaken = async (manager: EntityManager, email: string, exceptId: string): Promise<boolean> => {
  await manager.query('lock table users in share row exclusive mode');
  return manager
    .getRepository(User)
    .createQueryBuilder('u')
    .where('lower(u.email) = lower(:email) and u.id <> :exceptId', { email, exceptId })
    .getExists();
};

export const listUsers = (dataSource: DataSource, { afterId, limit }: ById): Promise<User[]> => {
  const query = dataSource.getRepository(User).createQueryBuilder('u').orderBy('u.id').limit(limit);
  if (afterId !== null) query.where('u.id > :afterId', { afterId });
  return query.getMany();
};

/** Ids of users that can sign in, of those given: to say which invitations are still open. */
export const usersWithPassword = async (dataSource: DataSource, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await dataSource
    .getRepository(User)
    .createQueryBuilder('u')
    .select('u.id', 'id')
    .where('u.id = any(:ids) and u.password_hash is not null', { ids })
    .getRawMany<{ id: string }>();
  return new Set(rows.map(({ id }) => id));
};

export const findUser = (dataSource: DataSource, id: string): Promise<User | null> =>
  dataSource.getRepository(User).findOneBy({ id });

/** The user, held against other changes until the transaction ends. */
export const lockUser = (manager: EntityManager, id: string): Promise<User | null> =>
  manager.getRepository(User).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });

/** With the hash of the password; null also when two users of earlier data share the address. */
export const findUserByEmail = async (dataSource: DataSource, email: string): Promise<User | null> => {
  const users = await dataSource
    .getRepository(User)
    .createQueryBuilder('u')
    .addSelect('u.passwordHash')
    .where('lower(u.email) = lower(:email) and u.disabled_at is null', { email })
    .limit(2)
    .getMany();
  return users.length === 1 ? (users[0] ?? null) : null;
};

export const findPasswordHash = async (dataSource: DataSource, id: string): Promise<string | null> => {
  const user = await dataSource
    .getRepository(User)
    .createQueryBuilder('u')
    .addSelect('u.passwordHash')
    .where('u.id = :id', { id })
    .getOne();
  return user?.passwordHash ?? null;
};

type UserChange = Partial<Pick<User, 'name' | 'email' | 'role' | 'seesVisitors' | 'passwordHash'>> & {
  disabled?: boolean | undefined;
};

/** @param user as `lockUser` answered it; what the change leaves undefined stays. */
export const updateUser = async (
  manager: EntityManager,
  user: User,
  { disabled, ...change }: UserChange,
): Promise<User | 'email_taken'> => {
  if (change.email && (await isEmailTaken(manager, change.email, user.id))) return 'email_taken';
  const users = manager.getRepository(User);
  const disabledAt = disabled === undefined ? {} : { disabledAt: disabled ? (user.disabledAt ?? new Date()) : null };
  const set = Object.fromEntries(
    Object.entries({ ...change, ...disabledAt }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(set).length > 0) await users.update({ id: user.id }, set);
  return users.findOneByOrFail({ id: user.id });
};
