import { createHash, randomBytes } from 'node:crypto';
import { ensureToken, findToken, insertFirstToken, touchToken, type Queryable } from '#postgres';
import { messageOf, type Logger } from '#runtime';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { operationKey, type ApiRequest, type OperationSettings, type Role } from '../http/operation.js';
import { Problem } from '../http/problem.js';

/** Bearer tokens. They are random and long, so a plain SHA-256 keeps them safe at rest; a slow hash would only slow the API. */

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
export const mintToken = (): string => `carom_${randomBytes(30).toString('base64url')}`;

const rank: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };
export const allows = (role: Role, least: Role): boolean => rank[role] >= rank[least];

/** Holds each request to the role of its operation. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly db: Queryable,
    private readonly log: Logger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const settings = Reflect.getMetadata(operationKey, context.getHandler()) as OperationSettings | undefined;
    if (!settings) throw new Error(`${context.getHandler().name} has no @Operation`);
    if (settings.role === 'none') return true;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Problem(401, 'token_missing', 'send `Authorization: Bearer <token>`');
    const found = await findToken(this.db, hashOf(token));
    if (!found) throw new Problem(401, 'token_wrong', 'this token is not known, or was revoked');
    if (!allows(found.role, settings.role))
      throw new Problem(403, 'role_too_low', `this needs the role ${settings.role}; the token has ${found.role}`);
    request.actor = { tokenId: found.id, userId: found.userId, name: found.name, role: found.role };
    touchToken(this.db, found.id).catch((thrown: unknown) =>
      this.log.warn({ event: 'access.touch_failed', error: messageOf(thrown) }),
    );
    return true;
  }
}

/** Makes sure that there is an admin: the token of the environment, or at the first start one that is made and shown once on `print`.
 *  It is printed after it is in force: a console that dies between the two leaves a token that nobody knows, which is mended by starting
 *  with `CAROM_ADMIN_TOKEN`. */
export const ensureAdmin = async (
  pool: Pool,
  givenToken: string | undefined,
  print: (token: string) => void,
): Promise<void> => {
  const admin = { id: uuidv7(), role: 'admin' as const };
  if (givenToken !== undefined)
    return ensureToken(pool, { ...admin, name: 'CAROM_ADMIN_TOKEN', hash: hashOf(givenToken) });
  const token = mintToken();
  if (await insertFirstToken(pool, { ...admin, name: 'first admin', hash: hashOf(token) })) print(token);
};
