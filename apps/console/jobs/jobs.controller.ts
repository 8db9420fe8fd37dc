import { cancelJob, findJob, listJobs, type Job } from '#postgres';
import { systemTime } from '#runtime';
import { Controller, Delete, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { choiceOf } from '../http/choice.js';
import { Input, Operation, type Actor, type Given } from '../http/operation.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { isOwnJob, showJob } from './job.js';
import { jobAnswer } from './submit.js';

/** Long actions: what runs, how far it is, and ending it. */

const byId = z.object({ id: z.uuid() });
const jobsQuery = z.strictObject({
  ...pageQuery,
  kind: choiceOf(z.string().max(63)),
  state: choiceOf(z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])),
});
const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running';

const lookEveryMs = 500;
const heartbeatMs = 15_000;
/** Each open stream asks the database twice a second. */
const maxStreams = 100;
let streams = 0;

type Ports = Pick<ConsolePorts, 'dataSource' | 'pool'>;

@Controller('api/v1/jobs')
export class JobsController {
  constructor(@Inject(consolePorts) private readonly ports: Ports) {}

  @Get()
  @Operation({ summary: 'Lists jobs, newest first.', role: 'viewer', query: jobsQuery, answer: listOf(jobAnswer) })
  async list(@Input() { query }: Given<unknown, z.infer<typeof jobsQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const { rows, stoppedAt } = await listJobs(this.ports.pool, filter, { before, limit: limit + 1 });
    const show = ({ at: _at, ...job }: (typeof rows)[number]) => showJob(job);
    return pageOf(rows, limit, ({ at, id }) => [at, id], show, stoppedAt);
  }

  @Get(':id')
  @Operation({ summary: 'Reads one job with its result.', role: 'viewer', params: byId, answer: jobAnswer })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    return showJob(await this.job(id));
  }

  @Delete(':id')
  @Operation({
    summary: 'Cancels a job: at once while it waits, else at its next step. What was done stays done.',
    role: 'editor',
    params: byId,
    answer: jobAnswer,
    errors: ['job_ended', 'not_yours'],
  })
  async cancel(@Input() { params: { id }, actor }: Given<{ id: string }>) {
    const job = await this.job(id);
    this.refuseForeign(job, actor);
    await audited(this.ports.dataSource, actor, async ({ manager, audit }) => {
      if (!(await cancelJob(manager, id))) throw new Problem(409, 'job_ended', `this job is ${job.state} already`);
      await audit({ action: 'cancelled', kind: 'job', key: id });
    });
    return showJob(await this.job(id));
  }

  @Get(':id/stream')
  @Operation({
    summary: 'Streams a job as server-sent events `job`, one per change, until it has ended.',
    role: 'viewer',
    params: byId,
    isStream: true,
    errors: ['too_many_streams'],
  })
  async stream(@Input() { params: { id }, reply }: Given<{ id: string }>): Promise<void> {
    let job: Job | null = await this.job(id);
    if (streams >= maxStreams)
      throw new Problem(503, 'too_many_streams', 'too many open streams; ask for the job itself');
    streams += 1;
    reply.hijack();
    const out = reply.raw;
    const closed = new AbortController();
    out.on('close', () => closed.abort());
    out.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    try {
      let last = '';
      let quietMs = 0;
      while (job && !closed.signal.aborted) {
        const text = JSON.stringify(showJob(job));
        quietMs += lookEveryMs;
        if (text !== last) out.write(`event: job\ndata: ${text}\n\n`);
        else if (quietMs >= heartbeatMs) out.write(': still here\n\n');
        if (text !== last || quietMs >= heartbeatMs) quietMs = 0;
        last = text;
        if (!isOpen(job)) break;
        await systemTime.wait(lookEveryMs, closed.signal);
        // Postgres may be away for a moment; the reader keeps its stream.
        job = await findJob(this.ports.dataSource, id).catch(() => job);
      }
    } finally {
      streams -= 1;
      out.end();
    }
  }

  private async job(id: string): Promise<Job> {
    const job = await findJob(this.ports.dataSource, id);
    if (!job) throw notFound('job', id);
    return job;
  }

  private refuseForeign(job: Job, actor: Actor): void {
    if (!isOwnJob(job, actor) && actor.role !== 'admin')
      throw new Problem(403, 'not_yours', 'only the person who started this job, or an admin, cancels it');
  }
}
