import { listAudit, only } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { choiceOf } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId, timeRange } from '../http/page.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { changesBetween } from './audit-changes.js';

const auditQuery = z.strictObject({
  ...pageQuery,
  kind: choiceOf(z.string().max(63)),
  key: choiceOf(z.string().min(1).max(100)),
  action: choiceOf(z.string().max(63)),
  actor: choiceOf(z.string().max(500)),
  ...timeRange,
});
const auditAnswer = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.string().describe('the name that the user or the token has now'),
    userId: z.uuid().nullable(),
    tokenId: z.uuid().nullable(),
    action: z.string(),
    kind: z.string(),
    key: z.string(),
    changes: z
      .array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('what differs between before and after'),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditLine' });

@Controller('api/v1/audit')
export class AuditController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool'>) {}

  @Get()
  @Operation({
    summary: 'Lists who changed what, newest first. Editors see their own changes, admins those of all.',
    role: 'editor',
    query: auditQuery,
    answer: listOf(auditAnswer),
  })
  async list(@Input() { query, actor }: Given<unknown, z.infer<typeof auditQuery>>) {
    const { cursor, limit, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const own = actor.role === 'admin' ? {} : { actor: only(actor.userId ?? actor.tokenId ?? '') };
    const { rows, stoppedAt } = await listAudit(this.ports.pool, { ...filter, ...own }, { before, limit: limit + 1 });
    return pageOf(
      rows,
      limit,
      ({ at, id }) => [at, id],
      (row) => ({ ...row, at: new Date(row.at), changes: changesBetween(row.before, row.after) }),
      stoppedAt,
    );
  }
}
