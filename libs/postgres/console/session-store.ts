import { createHash, randomBytes } from 'node:crypto';
import { IsNull, Not, type DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../connection/database.js';
import { credentialColumns, credentialOf, type Credential } from './access-store.js';
import { ApiToken, OneTimeCode, Session, type CodePurpose } from './people.js';

/** Sessions of the page, and links that work once. The look-up by cookie is explicit SQL: every
 *  request makes it. */

/** @param idleMinutes the parameter's place */
export const isValidSession = (idleMinutes: string): string =>
  `s.revoked_at is null and s.expires_at > now() and s.seen_at > now() - make_interval(mins => ${idleMinutes})
  and u.disabled_at is null and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`;

/** @param idleMinutes how long a session lives without a request
 *  @returns null when it has ended, or its user or token may not be used any more */
export const findSession = async (db: Queryable, hash: Buffer, idleMinutes: number): Promise<Credential | null> => {
  const { rows } = await db.query<Parameters<typeof credentialOf>[0]>({
    name: 'find-session',
    text: `select s.id, s.token_id as "tokenId", u.id as "userId", s.seen_at as "lastUsedAt", ${credentialColumns}
           from sessions s left join api_tokens t on t.id = s.token_id
             left join users u on u.id = coalesce(s.user_id, t.user_id)
           where s.hash = $1 and ${isValidSession('$2')}`,
    values: [hash, idleMinutes],
  });
  return rows[0] ? credentialOf(rows[0]) : null;
};

export const touchSession = async (db: Queryable, id: string, ip: string | null): Promise<void> => {
  await db.query({
    name: 'touch-session',
    text: 'update sessions set seen_at = now(), ip = $2 where id = $1',
    values: [id, ip],
  });
};

type NewSession = Pick<Session, 'id' | 'hash' | 'userId' | 'tokenId' | 'expiresAt' | 'ip' | 'userAgent'>;

export const insertSession = async (manager: EntityManager, session: NewSession): Promise<void> => {
  await manager.getRepository(Session).insert(session);
};

/** Whether this user has ever had a session from this address: such an address is not a
 *  stranger's. */
export const hasSignedInFrom = (dataSource: DataSource, userId: string, ip: string): Promise<boolean> =>
  dataSource.getRepository(Session).existsBy({ userId, ip });

/** Whose sessions: a user's, a token's, or everybody's. */
export type SessionOwner = { userId: string } | { tokenId: string } | 'all';
/** Ends one session. With an owner only when it is the owner's.
 *  @returns whether there was one to end */
export const revokeSession = async (manager: EntityManager, id: string, owner: SessionOwner): Promise<boolean> => {
  const of = owner === 'all' ? {} : owner;
  const { affected } = await manager
    .getRepository(Session)
    .update({ id, revokedAt: IsNull(), ...of }, { revokedAt: () => 'now()' });
  return affected === 1;
};

/** Ends all sessions of a user but one: after a change of the password. */
export const revokeOtherSessions = async (
  manager: EntityManager,
  userId: string,
  exceptId: string | null,
): Promise<void> => {
  const but = exceptId === null ? {} : { id: Not(exceptId) };
  await manager.getRepository(Session).update({ userId, revokedAt: IsNull(), ...but }, { revokedAt: () => 'now()' });
};

type NewCode = Pick<OneTimeCode, 'id' | 'hash' | 'purpose' | 'userId' | 'tokenId' | 'expiresAt'>;

/** Codes of the same purpose and owner that were not used are void from now on. */
export const insertCode = async (manager: EntityManager, code: NewCode): Promise<void> => {
  const codes = manager.getRepository(OneTimeCode);
  const { purpose, userId, tokenId } = code;
  if (purpose !== 'sign_in')
    await codes.delete({ purpose, userId: userId ?? IsNull(), tokenId: tokenId ?? IsNull(), usedAt: IsNull() });
  await codes.insert(code);
};

/** Uses a code up. Of two that come with the same code one gets it.
 *  @returns whose it was; null for one that is unknown, used or too old */
export const takeCode = async (
  manager: EntityManager,
  hash: Buffer,
  purposes: readonly CodePurpose[],
): Promise<OneTimeCode | null> => {
  const [rows] = await manager.query<[{ id: string }[], number]>(
    `update one_time_codes c set used_at = now()
     where hash = $1 and purpose = any($2) and used_at is null and expires_at > now() returning id`,
    [hash, purposes],
  );
  return rows[0] ? manager.getRepository(OneTimeCode).findOneByOrFail({ id: rows[0].id }) : null;
};

/** Deletes what has ended a while ago, a bounded piece at a time.
 *  @returns how many rows */
export const deleteEndedSessions = async (db: Queryable): Promise<number> => {
  const { rowCount: sessions } = await db.query(
    `delete from sessions where id in
       (select id from sessions where expires_at < now() - interval '90 days' order by expires_at limit 1000)`,
  );
  const { rowCount: codes } = await db.query(
    `delete from one_time_codes where id in
       (select id from one_time_codes where expires_at < now() - interval '90 days' order by expires_at limit 1000)`,
  );
  return (sessions ?? 0) + (codes ?? 0);
};

const adminLinkMs = 3_600_000;

/** A code that signs in once as an admin: by a token of its own, whose text no one has, so that the
 *  audit shows what was done with it and it can be revoked.
 *  @returns the code, to be put behind `/sign-in/` */
export const createAdminLink = (dataSource: DataSource, now: Date): Promise<string> =>
  dataSource.transaction(async (manager) => {
    const [tokenSecret, code] = [randomBytes(30), randomBytes(30).toString('base64url')];
    const sha256 = (content: string | Buffer): Buffer => createHash('sha256').update(content).digest();
    const tokenId = uuidv7();
    await manager
      .getRepository(ApiToken)
      .insert({ id: tokenId, name: 'npm run admin:link', role: 'admin', hash: sha256(tokenSecret) });
    const expiresAt = new Date(now.getTime() + adminLinkMs);
    const ids = { id: uuidv7(), userId: null, tokenId };
    await insertCode(manager, { ...ids, hash: sha256(code), purpose: 'sign_in', expiresAt });
    return code;
  });
