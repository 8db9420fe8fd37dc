import { findToken, touchToken } from '#postgres';
import { messageOf } from '#runtime';
import { Inject, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { operationKey, type ApiRequest, type OperationSettings } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { allows } from './role.js';
import { hashOf } from './token.js';

/** Holds each request to the role of its operation. */
export class AccessGuard implements CanActivate {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'log'>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const settings = Reflect.getMetadata(operationKey, context.getHandler()) as OperationSettings | undefined;
    if (!settings) throw new Error(`${context.getHandler().name} has no @Operation`);
    if (settings.role === 'none') return true;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Problem(401, 'token_missing', 'send `Authorization: Bearer <token>`');
    const found = await findToken(this.ports.pool, hashOf(token));
    if (!found) throw new Problem(401, 'token_wrong', 'this token is not known, or was revoked');
    if (!allows(found.role, settings.role))
      throw new Problem(403, 'role_too_low', `this needs the role ${settings.role}; the token has ${found.role}`);
    const { id: tokenId, userId, name, role } = found;
    request.actor = { tokenId, sessionId: null, userId, name, role, seesVisitors: allows(role, 'editor') };
    touchToken(this.ports.pool, found.id).catch((thrown: unknown) =>
      this.ports.log.warn({ event: 'access.touch_failed', error: messageOf(thrown) }),
    );
    return true;
  }
}
