import { findJob, readJobOutput } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { fieldErrorsOf, invalid, notFound, Problem } from '../http/problem.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { checkFile, exportBody, exportedLists } from './export.js';
import { isOwnJob } from './job.js';
import { acceptedAnswer, submitJob } from './submit.js';

/** Long lists as files: asked for, made by a job, fetched by the one who asked. */

const byId = z.object({ id: z.uuid() });
type ExportBody = z.infer<typeof exportBody>;

@Controller('api/v1')
export class ExportController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource'>) {}

  @Post('exports')
  @Operation({
    summary:
      'Makes a CSV file of a whole list by a job: `query` has the filters of the list, as in its URL. When the job is done, ' +
      '`GET /jobs/:id/file` answers the file, for a day.',
    role: 'viewer',
    body: exportBody,
    answer: acceptedAnswer,
    status: 202,
    errors: ['too_many_jobs'],
  })
  create(@Input() given: Given<unknown, unknown, ExportBody>): Promise<z.infer<typeof acceptedAnswer>> {
    const { list, query } = given.body;
    const read = exportedLists[list].query.safeParse(query);
    if (!read.success) throw invalid(fieldErrorsOf(read.error), 'query');
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const params = { list, query: filters, seesVisitors: given.actor.seesVisitors };
    return submitJob(this.ports, given, { kind: 'lists.export', params });
  }

  @Get('jobs/:id/file')
  @Operation({
    summary: 'Answers the file that a job has made, to the one who started the job and to admins.',
    role: 'viewer',
    params: byId,
    file: 'text/csv',
    errors: ['not_yours', 'file_ended', 'job_open'],
  })
  async readJobFile(@Input() { params: { id }, actor, reply }: Given<{ id: string }>): Promise<Readable> {
    const job = await findJob(this.ports.dataSource, id);
    if (!job) throw notFound('job', id);
    if (!isOwnJob(job, actor) && actor.role !== 'admin')
      throw new Problem(403, 'not_yours', 'only the one who started this job, or an admin, gets its file');
    if (job.state === 'queued' || job.state === 'running')
      throw new Problem(409, 'job_open', 'the file is not finished: wait until the job is done');
    if (job.state !== 'done') throw new Problem(410, 'file_ended', `this job is ${job.state}: it has no file`);
    await checkFile(this.ports, id);
    const { list } = job.params as { list?: string };
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${list ?? 'export'}.csv"`);
    return Readable.from(readJobOutput(this.ports.pool, id));
  }
}
