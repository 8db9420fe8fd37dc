import {
  insertUser,
  listUsers,
  lockUser,
  revokeOtherSessions,
  updateUser,
  usersWithPassword,
  type User,
} from '#postgres';
import { Controller, Get, Inject, Patch, Post } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { decodeCursor, listOf, pageOf, pageQuery } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { audited } from './audit.js';
import { createLink, linkAnswer, type OneTimeLink } from './one-time-link.js';
import { roleSchema } from './role.js';

/** Users. Each sets their own password by the link of an invitation or a reset. */

const time = z.iso.datetime();
const byId = z.object({ id: z.uuid() });
const listQuery = z.strictObject(pageQuery);
const email = z
  .email()
  .max(320)
  .transform((text) => text.toLowerCase());
const userAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().nullable(),
    role: roleSchema,
    seesVisitors: z.boolean(),
    createdAt: time,
    disabledAt: time.nullable(),
  })
  .meta({ id: 'User' });
const listedUser = userAnswer.extend({ hasPassword: z.boolean() }).meta({ id: 'ListedUser' });
const invitedUser = userAnswer.extend({ invitation: linkAnswer.nullable() }).meta({ id: 'InvitedUser' });
const newUser = z.strictObject({
  name: z.string().min(1).max(200),
  email: email.nullable().default(null).describe('without one the user cannot sign in, only hold tokens'),
  role: roleSchema,
});
const userChange = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  email: email.optional(),
  role: roleSchema.optional(),
  disabled: z.boolean().optional(),
  seesVisitors: z.boolean().optional(),
});
type NewUser = z.infer<typeof newUser>;
type UserChange = z.infer<typeof userChange>;

const emailTaken = () =>
  new Problem(409, 'email_taken', 'another user has this e-mail address', [
    { path: 'email', code: 'email_taken', message: 'belongs to another user' },
  ]);

@Controller('api/v1/users')
export class UsersController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'consoleUrl' | 'now'>) {}

  @Get()
  @Operation({ summary: 'Lists the users.', role: 'admin', query: listQuery, answer: listOf(listedUser) })
  async list(@Input() { query: { limit, cursor } }: Given<unknown, z.infer<typeof listQuery>>) {
    const afterId = decodeCursor(cursor, z.uuid())?.[0] ?? null;
    const rows = await listUsers(this.ports.dataSource, { afterId, limit: limit + 1 });
    const able = await usersWithPassword(
      this.ports.dataSource,
      rows.map(({ id }) => id),
    );
    return pageOf(
      rows,
      limit,
      ({ id }) => [id],
      (row) => ({ ...row, hasPassword: able.has(row.id) }),
    );
  }

  @Post()
  @Operation({
    summary: 'Adds a user, and answers the link by which the user sets a password; send it yourself.',
    role: 'admin',
    body: newUser,
    answer: invitedUser,
    status: 201,
    errors: ['email_taken'],
  })
  create(@Input() given: Given<unknown, unknown, NewUser>): Promise<User & { invitation: OneTimeLink | null }> {
    return audited(this.ports.dataSource, given.actor, async (change) => {
      const row = await insertUser(change.manager, { id: uuidv7(), ...given.body });
      if (row === 'email_taken') throw emailTaken();
      await change.audit({ action: 'created', kind: 'user', key: row.id, after: row });
      const owner = { userId: row.id, tokenId: null };
      const invitation = row.email === null ? null : await createLink(change, 'invitation', owner, this.ports);
      return { ...row, invitation };
    });
  }

  @Patch(':id')
  @Operation({
    summary: 'Changes a user. A disabled user loses all sessions and tokens until enabled again.',
    role: 'admin',
    params: byId,
    body: userChange,
    answer: userAnswer,
    errors: ['email_taken', 'own_user'],
  })
  async update(@Input() given: Given<{ id: string }, unknown, UserChange>): Promise<User> {
    const { id } = given.params;
    const { role, disabled } = given.body;
    if (id === given.actor.userId && (disabled === true || (role !== undefined && role !== 'admin')))
      throw new Problem(409, 'own_user', 'admins cannot take away their own access, so that one is always left');
    return audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      const before = await lockUser(manager, id);
      if (!before) throw notFound('user', id);
      const row = await updateUser(manager, before, given.body);
      if (row === 'email_taken') throw emailTaken();
      if (disabled === true) await revokeOtherSessions(manager, id, null);
      await audit({ action: 'updated', kind: 'user', key: id, before, after: row });
      return row;
    });
  }

  @Post(':id/reset')
  @Operation({
    summary: 'Answers a link by which a user sets a new password, for one who forgot it or lost the invitation.',
    role: 'admin',
    params: byId,
    answer: linkAnswer,
    status: 201,
    errors: ['cannot_sign_in'],
  })
  resetPassword(@Input() given: Given<{ id: string }>): Promise<OneTimeLink> {
    const { id } = given.params;
    return audited(this.ports.dataSource, given.actor, async (change) => {
      const user = await lockUser(change.manager, id);
      if (!user) throw notFound('user', id);
      if (user.email === null || user.disabledAt !== null)
        throw new Problem(409, 'cannot_sign_in', 'a user without an e-mail address, or a disabled one, cannot sign in');
      await change.audit({ action: 'reset_link_created', kind: 'user', key: id });
      return createLink(change, 'reset', { userId: id, tokenId: null }, this.ports);
    });
  }
}
