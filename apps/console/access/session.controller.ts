import {
  findPasswordHash,
  findUser,
  listSessions,
  lockUser,
  revokeOtherSessions,
  revokeSession,
  takeCode,
  updateUser,
  type SessionOwner,
} from '#postgres';
import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { version } from '../version.js';
import { Input, Operation, type Actor, type Given } from '../http/operation.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { signInLimit } from '../http/rate-limit.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { audited } from './audit.js';
import { createLink, linkAnswer, type OneTimeLink } from './one-time-link.js';
import { hashPassword, isPassword, newPassword } from './password.js';
import { roleSchema } from './role.js';
import { clearCookie, openSession, sessionIdleMinutes } from './session.js';
import { signInByPassword, signInByToken, type SignedIn } from './sign-in.js';
import { hashOf } from './token.js';

/** Who is signed in, signing in and out, and the sessions that exist. */

const time = z.iso.datetime();
const text = z.string().max(500);
const byId = z.object({ id: z.uuid() });
const signIn = z.union([
  z.strictObject({ email: z.string().max(320), password: text }),
  z.strictObject({ token: text }),
]);
const joining = z.strictObject({ code: text, password: newPassword });
const passwordChange = z.strictObject({ current: text, next: newPassword });
const me = z
  .object({
    user: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }).nullable(),
    role: roleSchema,
    via: z.enum(['session', 'token']),
    name: z.string().describe('of the user and the token, as the audit shows it'),
    seesVisitors: z.boolean(),
    publicUrl: z.string().describe('where the open internet reaches ingest'),
    version: z.string(),
  })
  .meta({ id: 'Me' });
const sessionsQuery = z.strictObject({ ...pageQuery, of: z.enum(['me', 'all']).default('me') });
const sessionAnswer = z
  .object({
    id: z.uuid(),
    userId: z.uuid().nullable(),
    userName: z.string().nullable(),
    tokenId: z.uuid().nullable(),
    tokenName: z.string().nullable(),
    createdAt: time,
    seenAt: time,
    expiresAt: time,
    address: z.string().nullable(),
    browser: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'Session' });

const ownerOf = ({ userId, tokenId }: Actor): SessionOwner =>
  userId !== null ? { userId } : { tokenId: tokenId ?? '' };
const codeWrong = () => new Problem(410, 'code_ended', 'this link was used already or is too old; ask for a new one');

type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'consoleUrl' | 'publicUrl' | 'now' | 'log'>;

@Controller('api/v1')
export class SessionController {
  constructor(@Inject(consolePorts) private readonly ports: Ports) {}

  @Get('me')
  @Operation({ summary: 'Says who is signed in, with which role.', role: 'viewer', answer: me })
  async read(@Input() { actor }: Given): Promise<z.infer<typeof me>> {
    const user = actor.userId === null ? null : await findUser(this.ports.dataSource, actor.userId);
    return {
      user: user && { id: user.id, name: user.name, email: user.email },
      role: actor.role,
      via: actor.sessionId === null ? 'token' : 'session',
      name: actor.name,
      seesVisitors: actor.seesVisitors,
      publicUrl: this.ports.publicUrl,
      version,
    };
  }

  @Post('session')
  @RouteConfig(signInLimit)
  @Operation({
    summary: 'Signs in by e-mail and password, or by a token: sets the session cookie.',
    role: 'none',
    body: signIn,
    status: 204,
    errors: ['sign_in_wrong', 'token_wrong', 'sign_in_locked', 'sign_in_busy'],
  })
  async signIn(@Input() given: Given<unknown, unknown, z.infer<typeof signIn>>): Promise<void> {
    const { body, request } = given;
    const who =
      'token' in body
        ? await signInByToken(this.ports, body.token)
        : await signInByPassword(this.ports, { ...body, ip: request.ip });
    await this.open(who, given);
  }

  @Delete('session')
  @Operation({ summary: 'Signs out: ends this session.', role: 'viewer', status: 204 })
  async signOut(@Input() given: Given): Promise<void> {
    const { sessionId } = given.actor;
    if (sessionId !== null) await this.end(sessionId, 'all', given.actor);
    clearCookie(given.reply, this.ports.consoleUrl);
  }

  @Get('sessions')
  @Operation({
    summary: 'Lists open sessions: the own ones, or with `of=all` (admins) those of all.',
    role: 'viewer',
    query: sessionsQuery,
    answer: listOf(sessionAnswer),
  })
  async list(@Input() { query, actor }: Given<unknown, z.infer<typeof sessionsQuery>>) {
    const { limit, cursor, of } = query;
    if (of === 'all' && actor.role !== 'admin')
      throw new Problem(403, 'role_too_low', 'only an admin sees the sessions of all');
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const owner = of === 'all' ? 'all' : ownerOf(actor);
    const page = { before, limit: limit + 1, idleMinutes: sessionIdleMinutes };
    const { rows, stoppedAt } = await listSessions(this.ports.pool, owner, page);
    return pageOf(
      rows,
      limit,
      ({ at, id }) => [at, id],
      ({ ip: address, userAgent: browser, at: _at, ...row }) => ({
        ...row,
        address,
        browser,
        isCurrent: row.id === actor.sessionId,
      }),
      stoppedAt,
    );
  }

  @Delete('sessions/:id')
  @Operation({ summary: 'Ends a session of your own, or as admin any.', role: 'viewer', params: byId, status: 204 })
  async revoke(@Input() { params: { id }, actor }: Given<{ id: string }>): Promise<void> {
    const isEnded = await this.end(id, actor.role === 'admin' ? 'all' : ownerOf(actor), actor);
    if (!isEnded) throw notFound('open session', id);
  }

  @Post('me/password')
  @RouteConfig(signInLimit)
  @Operation({
    summary: 'Changes the own password, and ends all other sessions.',
    role: 'viewer',
    body: passwordChange,
    status: 204,
    errors: ['no_password', 'password_wrong', 'sign_in_busy'],
  })
  async changePassword(@Input() given: Given<unknown, unknown, z.infer<typeof passwordChange>>): Promise<void> {
    const { actor, body } = given;
    const { userId } = actor;
    const stored = userId === null ? null : await findPasswordHash(this.ports.dataSource, userId);
    if (userId === null || stored === null)
      throw new Problem(409, 'no_password', 'you are signed in by a token of no user, or were never given a password');
    if (!(await isPassword(body.current, stored, false)))
      throw new Problem(403, 'password_wrong', 'the current password is wrong', [
        { path: 'current', code: 'password_wrong', message: 'is wrong' },
      ]);
    const passwordHash = await hashPassword(body.next);
    await audited(this.ports.dataSource, actor, async ({ manager, audit }) => {
      const user = await lockUser(manager, userId);
      if (!user) throw notFound('user', userId);
      await updateUser(manager, user, { passwordHash });
      await revokeOtherSessions(manager, userId, actor.sessionId);
      await audit({ action: 'password_changed', kind: 'user', key: userId });
    });
  }

  @Post('join')
  @RouteConfig(signInLimit)
  @Operation({
    summary: 'Sets a password by the code of an invitation or a reset, and signs in.',
    role: 'none',
    body: joining,
    status: 204,
    errors: ['code_ended', 'sign_in_busy'],
  })
  async acceptInvitation(@Input() given: Given<unknown, unknown, z.infer<typeof joining>>): Promise<void> {
    const { code, password } = given.body;
    const passwordHash = await hashPassword(password);
    // The code and the password are one change: a used code has always set a password.
    const userId = await this.ports.dataSource.transaction(async (manager) => {
      const taken = await takeCode(manager, hashOf(code), ['invitation', 'reset']);
      const user = taken?.userId ? await lockUser(manager, taken.userId) : null;
      if (!user || user.disabledAt !== null) throw codeWrong();
      await updateUser(manager, user, { passwordHash });
      await revokeOtherSessions(manager, user.id, null);
      return user.id;
    });
    await this.open({ userId, tokenId: null }, given);
  }

  @Post('sign-in-links')
  @Operation({
    summary: 'Answers a link that opens the page signed in as yourself. It works once, for a day.',
    role: 'viewer',
    answer: linkAnswer,
    status: 201,
  })
  create(@Input() { actor }: Given): Promise<OneTimeLink> {
    const owner =
      actor.tokenId !== null ? { userId: null, tokenId: actor.tokenId } : { userId: actor.userId, tokenId: null };
    return audited(this.ports.dataSource, actor, async (change) => {
      await change.audit({ action: 'sign_in_link_created', kind: 'session', key: '' });
      return createLink(change, 'sign_in', owner, this.ports);
    });
  }

  private async open(who: SignedIn, { request, reply }: Given): Promise<void> {
    const { consoleUrl, now } = this.ports;
    await audited(this.ports.dataSource, who, (change) =>
      openSession(change, who, { request, reply, consoleUrl, now: now() }),
    );
  }

  private end(id: string, owner: SessionOwner, actor: Actor): Promise<boolean> {
    return audited(this.ports.dataSource, actor, async ({ manager, audit }) => {
      const isEnded = await revokeSession(manager, id, owner);
      if (isEnded) await audit({ action: 'ended', kind: 'session', key: id });
      return isEnded;
    });
  }
}
