import { insertToken, listTokens, lockUser, revokeToken, type ApiToken } from '#postgres';
import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { decodeCursor, listOf, pageOf, pageQuery } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { audited } from './audit.js';
import { roleSchema } from './role.js';
import { hashOf, mintToken } from './token.js';

/** Tokens of programs and people. Only the answer that creates a token contains its text. */

const time = z.iso.datetime();
const byId = z.object({ id: z.uuid() });
const listQuery = z.strictObject(pageQuery);
const tokenAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: roleSchema,
    userId: z.uuid().nullable(),
    seesVisitors: z.boolean(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    lastUsedIp: z.string().nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'Token' });
const newToken = z.strictObject({
  name: z.string().min(1).max(200),
  role: roleSchema,
  userId: z.uuid().nullable().default(null).describe('whose token it is; it can do no more than this user'),
  expiresAt: time.nullable().default(null),
  seesVisitors: z.boolean().default(false).describe('shows a viewer the addresses and user agents of visitors'),
});
type NewToken = z.infer<typeof newToken>;

@Controller('api/v1/tokens')
export class TokensController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'now'>) {}

  @Get()
  @Operation({ summary: 'Lists the tokens of the API.', role: 'admin', query: listQuery, answer: listOf(tokenAnswer) })
  async list(@Input() { query: { limit, cursor } }: Given<unknown, z.infer<typeof listQuery>>) {
    const afterId = decodeCursor(cursor, z.uuid())?.[0] ?? null;
    const rows = await listTokens(this.ports.dataSource, { afterId, limit: limit + 1 });
    return pageOf(
      rows,
      limit,
      ({ id }) => [id],
      (row) => row,
    );
  }

  @Post()
  @Operation({
    summary: 'Creates a token; its text is in this answer and nowhere else.',
    role: 'admin',
    body: newToken,
    answer: tokenAnswer.extend({ token: z.string() }).meta({ id: 'NewToken' }),
    status: 201,
    errors: ['time_past', 'not_found'],
  })
  async create(@Input() given: Given<unknown, unknown, NewToken>): Promise<ApiToken & { token: string }> {
    const { userId, expiresAt: end, ...rest } = given.body;
    const expiresAt = end === null ? null : new Date(end);
    if (expiresAt !== null && expiresAt <= this.ports.now())
      throw new Problem(422, 'time_past', 'a token needs an end that is still to come', [
        { path: 'expiresAt', code: 'time_past', message: 'is in the past' },
      ]);
    const token = mintToken();
    const row = await audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      if (userId !== null && !(await lockUser(manager, userId))) throw notFound('user', userId);
      const id = uuidv7();
      const made = await insertToken(manager, { ...rest, id, userId, expiresAt, hash: hashOf(token) });
      await audit({ action: 'created', kind: 'token', key: made.id, after: made });
      return made;
    });
    return { ...row, token };
  }

  @Delete(':id')
  @Operation({
    summary: 'Revokes a token, and the sessions that it opened, at once.',
    role: 'admin',
    params: byId,
    status: 204,
    errors: ['own_token'],
  })
  async remove(@Input() given: Given<{ id: string }>): Promise<void> {
    const { id } = given.params;
    if (id === given.actor.tokenId)
      throw new Problem(409, 'own_token', 'a token cannot revoke itself, so that one admin token is always left');
    await audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      const token = await revokeToken(manager, id);
      if (!token) throw notFound('valid token', id);
      await audit({ action: 'revoked', kind: 'token', key: id, before: { ...token, revokedAt: null }, after: token });
    });
  }
}
