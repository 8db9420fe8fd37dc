import {
  insertToken,
  insertUser,
  listAudit,
  listTokens,
  listUsers,
  lockUser,
  revokeToken,
  updateUser,
  type Queryable,
  type TokenRow,
  type UserRow,
} from '#postgres';
import { Controller, Delete, Get, Inject, Patch, Post } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { hashOf, mintToken } from './token.js';
import { audited, type AuditLine } from './audit.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound, Problem } from '../http/problem.js';
import { decodeCursor, listOf, pageOf, pageQuery, timeRange } from '../http/page.js';

/** Who may use the API, and who did what. A token's text is answered once, where it is made, and never again. */

const role = z.enum(['admin', 'editor', 'viewer']);
const time = z.iso.datetime();
const byId = z.object({ id: z.uuid() });
const tokenAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  userId: z.uuid().nullable(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});
const userAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  role,
  createdAt: time,
  disabledAt: time.nullable(),
});
const newToken = z.strictObject({ name: z.string().min(1).max(200), role, userId: z.uuid().nullable().default(null) });
const newUser = z.strictObject({ name: z.string().min(1).max(200), email: z.email().nullable().default(null), role });
const userChange = z.strictObject({ role: role.optional(), disabled: z.boolean().optional() });
const auditQuery = z.strictObject({
  ...pageQuery,
  kind: z.string().max(63).optional(),
  key: z.string().max(63).optional(),
  action: z.string().max(63).optional(),
  actor: z.string().max(500).optional(),
  ...timeRange,
});
const auditAnswer = z.object({
  id: z.uuid(),
  at: time,
  actor: z.string(),
  userId: z.uuid().nullable(),
  tokenId: z.uuid().nullable(),
  action: z.string(),
  kind: z.string(),
  key: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
type Audit = (line: AuditLine) => Promise<void>;
const all = (item: z.ZodType) => z.object({ items: z.array(item), next: z.null() });

@Controller('api/v1')
export class AccessController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource'>) {}

  /** A change and its line in the audit, both or neither. */
  private change<Result>(given: Given, work: (db: Queryable, audit: Audit) => Promise<Result>): Promise<Result> {
    return audited(this.ports.dataSource, given.actor, ({ db, audit }) => work(db, audit));
  }

  @Get('tokens')
  @Operation({ summary: 'Lists the tokens of the API.', role: 'admin', answer: all(tokenAnswer) })
  async tokens(): Promise<{ items: TokenRow[]; next: null }> {
    return { items: await listTokens(this.ports.pool), next: null };
  }

  @Post('tokens')
  @Operation({
    summary: 'Makes a token; its text is in this answer and nowhere else.',
    role: 'admin',
    body: newToken,
    answer: tokenAnswer.extend({ token: z.string() }),
    status: 201,
  })
  async addToken(@Input() given: Given<unknown, unknown, z.infer<typeof newToken>>) {
    const { name, role: as, userId } = given.body;
    const token = mintToken();
    const row = await this.change(given, async (db, audit) => {
      if (userId !== null && !(await lockUser(db, userId))) throw notFound('user', userId);
      const made = await insertToken(db, { id: uuidv7(), name, role: as, userId, hash: hashOf(token) });
      await audit({ action: 'created', kind: 'token', key: made.id, after: made });
      return made;
    });
    return { ...row, token };
  }

  @Delete('tokens/:id')
  @Operation({ summary: 'Revokes a token, at once.', role: 'admin', params: byId, status: 204 })
  async removeToken(@Input() given: Given<{ id: string }>): Promise<void> {
    const { id } = given.params;
    if (id === given.actor.tokenId)
      throw new Problem(409, 'own_token', 'a token cannot revoke itself: one admin token would always be the last');
    await this.change(given, async (db, audit) => {
      const token = await revokeToken(db, id);
      if (!token) throw notFound('token that is still good', id);
      await audit({ action: 'revoked', kind: 'token', key: id, before: { ...token, revokedAt: null }, after: token });
    });
  }

  @Get('users')
  @Operation({ summary: 'Lists the users.', role: 'admin', answer: all(userAnswer) })
  async users(): Promise<{ items: UserRow[]; next: null }> {
    return { items: await listUsers(this.ports.pool), next: null };
  }

  @Post('users')
  @Operation({
    summary: 'Adds a user; tokens are made for it by POST /tokens.',
    role: 'admin',
    body: newUser,
    answer: userAnswer,
    status: 201,
  })
  async addUser(@Input() given: Given<unknown, unknown, z.infer<typeof newUser>>): Promise<UserRow> {
    return this.change(given, async (db, audit) => {
      const row = await insertUser(db, { id: uuidv7(), ...given.body });
      if (row === 'email_taken') throw new Problem(409, 'email_taken', 'there is a user with this address already');
      await audit({ action: 'created', kind: 'user', key: row.id, after: row });
      return row;
    });
  }

  @Patch('users/:id')
  @Operation({
    summary: 'Changes the role of a user, or switches it and all its tokens off and on again.',
    role: 'admin',
    params: byId,
    body: userChange,
    answer: userAnswer,
  })
  async changeUser(@Input() given: Given<{ id: string }, unknown, z.infer<typeof userChange>>): Promise<UserRow> {
    const { id } = given.params;
    const { role: as, disabled } = given.body;
    if (id === given.actor.userId && (disabled === true || (as !== undefined && as !== 'admin')))
      throw new Problem(409, 'own_user', 'nobody takes his own access away: one admin would always be the last');
    return this.change(given, async (db, audit) => {
      const before = await lockUser(db, id);
      const row = before && (await updateUser(db, id, given.body));
      if (!row) throw notFound('user', id);
      await audit({ action: 'updated', kind: 'user', key: id, before, after: row });
      return row;
    });
  }

  @Get('audit')
  @Operation({
    summary: 'Lists who changed what, newest first.',
    role: 'admin',
    query: auditQuery,
    answer: listOf(auditAnswer),
  })
  async auditLines(@Input() { query }: Given<unknown, z.infer<typeof auditQuery>>) {
    const place = decodeCursor(query.cursor, z.uuid());
    const rows = await listAudit(this.ports.dataSource, query, {
      beforeId: place?.[0] ?? null,
      limit: query.limit + 1,
    });
    return pageOf(
      rows,
      query.limit,
      ({ id }) => [id],
      ({ actorName, ...row }) => ({ ...row, actor: actorName }),
    );
  }
}
