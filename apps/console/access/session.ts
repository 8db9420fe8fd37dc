import { insertSession } from '#postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { AuditedChange } from './audit.js';
import { hashOf, mintSecret } from './token.js';

/** Sessions of the page: a random cookie, its hash in Postgres, an end by time and an end by
 *  idleness. */

export const sessionIdleMinutes = 24 * 60;
const sessionDays = 14;

/** Behind TLS the name binds the cookie to this host and to https. */
const cookieName = (consoleUrl: string): string =>
  consoleUrl.startsWith('https:') ? '__Host-carom_session' : 'carom_session';

/** `SameSite=Strict`: no request that another site starts carries it. */
const cookieOptions = (consoleUrl: string) => ({
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: consoleUrl.startsWith('https:'),
  path: '/',
});

export const cookieOf = (request: FastifyRequest, consoleUrl: string): string | undefined =>
  request.cookies[cookieName(consoleUrl)];

export const clearCookie = (reply: FastifyReply, consoleUrl: string): void => {
  void reply.clearCookie(cookieName(consoleUrl), cookieOptions(consoleUrl));
};

/** Opens a session and sets its cookie. The cookie is of use only after the transaction committed.
 *  @param owner a user, or a token that belongs to no user */
export const openSession = async (
  { manager, audit }: Pick<AuditedChange, 'manager' | 'audit'>,
  owner: { userId: string | null; tokenId: string | null },
  at: { request: FastifyRequest; reply: FastifyReply; consoleUrl: string; now: Date },
): Promise<void> => {
  const secret = mintSecret();
  const id = uuidv7();
  const expiresAt = new Date(at.now.getTime() + sessionDays * 86_400_000);
  const userAgent = at.request.headers['user-agent']?.slice(0, 300).toWellFormed().replaceAll('\0', '') ?? null;
  await insertSession(manager, { id, hash: hashOf(secret), ...owner, expiresAt, ip: at.request.ip, userAgent });
  await audit({ action: 'signed_in', kind: 'session', key: id });
  void at.reply.setCookie(cookieName(at.consoleUrl), secret, { ...cookieOptions(at.consoleUrl), expires: expiresAt });
};
