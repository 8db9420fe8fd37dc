import { findSession, findToken, touchSession, touchToken, type Credential } from '#postgres';
import { messageOf } from '#runtime';
import { Inject, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { operationKey, type ApiRequest, type OperationSettings } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { allows } from './role.js';
import { clearCookie, cookieOf, sessionIdleMinutes } from './session.js';
import { hashOf } from './token.js';

type Ports = Pick<ConsolePorts, 'pool' | 'log' | 'consoleUrl' | 'now'>;

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** The second line against forged requests, behind `SameSite=Strict`: browsers say which site
 *  starts a request, and no other site can add a header of ours without asking first. */
const refuseForged = (request: ApiRequest, consoleUrl: string, byCookie: boolean): void => {
  if (isSafe(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn = origin === undefined || origin === new URL(consoleUrl).origin || origin.split('//')[1] === host;
  if (!isOwn || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw new Problem(403, 'origin_foreign', 'the page of another site started this request');
  if (byCookie && request.headers['x-carom-csrf'] !== '1')
    throw new Problem(403, 'csrf_header_missing', 'send `X-Carom-CSRF: 1` with a change that a cookie authorises');
};

const touchEveryMs = 60_000;

/** Finds the caller of a request and checks the role of its operation. */
export class AccessGuard implements CanActivate {
  constructor(@Inject(consolePorts) private readonly ports: Ports) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const settings = Reflect.getMetadata(operationKey, context.getHandler()) as OperationSettings | undefined;
    if (!settings) throw new Error(`${context.getHandler().name} has no @Operation`);
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (settings.role === 'none') {
      refuseForged(request, this.ports.consoleUrl, false);
      return true;
    }
    const actor = await this.actorOf(request, context.switchToHttp().getResponse<FastifyReply>());
    if (!allows(actor.role, settings.role))
      throw new Problem(403, 'role_too_low', `this needs the role ${settings.role}; you have ${actor.role}`);
    request.actor = actor;
    return true;
  }

  private async actorOf(request: ApiRequest, reply: FastifyReply): Promise<NonNullable<ApiRequest['actor']>> {
    const { pool, consoleUrl } = this.ports;
    const { authorization } = request.headers;
    const cookie = cookieOf(request, consoleUrl);
    if (authorization === undefined && cookie !== undefined) {
      const found = await findSession(pool, hashOf(cookie), sessionIdleMinutes);
      if (!found) {
        clearCookie(reply, consoleUrl);
        throw new Problem(401, 'session_ended', 'this session has ended; sign in again');
      }
      refuseForged(request, consoleUrl, true);
      this.touch(found, () => touchSession(pool, found.id, request.ip));
      return { ...found, sessionId: found.id };
    }
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Problem(401, 'token_missing', 'sign in, or send `Authorization: Bearer <token>`');
    const found = await findToken(pool, hashOf(token));
    if (!found) throw new Problem(401, 'token_wrong', 'this token is not known, has expired or was revoked');
    this.touch(found, () => touchToken(pool, found.id, request.ip));
    return { ...found, sessionId: null };
  }

  /** Notes the use at most once a minute: reading the API must not write a row per request. */
  private touch({ lastUsedAt }: Credential, write: () => Promise<void>): void {
    if (lastUsedAt !== null && this.ports.now().getTime() - lastUsedAt.getTime() < touchEveryMs) return;
    write().catch((thrown: unknown) => this.ports.log.warn({ event: 'access.touch_failed', error: messageOf(thrown) }));
  }
}
