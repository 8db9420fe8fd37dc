import { claimJob, endJob, readJobFile, renewJob, type Job, type JobEnd } from '#postgres';
import { failPoint, messageOf, systemTime } from '#runtime';
import { Readable } from 'node:stream';
import { Problem } from '../http/problem.js';
import type { ConsolePorts } from '../ports.js';
import { JobStopped, type JobKind } from './job.js';

/** Runs jobs: a few at a time in each console, each under a lease that is renewed while it runs.
 *  After a crash the lease expires, and another console continues from the last checkpoint. */
export type JobRunner = { wake: () => void; close: () => Promise<void> };

const lookEveryMs = 1_000;
const maxRunning = 2;
/** A job that fails for an outage is tried again for about an hour. */
const maxAttempts = 20;
const pauseSeconds = (attempts: number): number => Math.min(300, 5 * attempts);

const runOne = async (ports: ConsolePorts, kind: JobKind, job: Job, stopping: AbortSignal): Promise<JobEnd | null> => {
  const over = new AbortController();
  const leaseSeconds = ports.jobLeaseMs / 1000;
  const check = (state: 'held' | 'cancelled' | 'lost'): void => {
    if (state !== 'held') throw new JobStopped(state);
    if (stopping.aborted) throw new JobStopped('shutdown');
  };
  // A long step between two checkpoints must not cost the lease.
  void (async () => {
    while (!over.signal.aborted) {
      await systemTime.wait(ports.jobLeaseMs / 4, over.signal);
      if (!over.signal.aborted) await renewJob(ports.pool, job, null, leaseSeconds).catch(() => 'held');
    }
  })();
  try {
    const result = await kind(ports, {
      id: job.id,
      params: job.params,
      actor: { userId: job.userId, tokenId: job.tokenId },
      checkpoint: job.checkpoint,
      save: async (progress) => {
        check(await renewJob(ports.pool, job, progress, leaseSeconds));
        await failPoint('console.job.saved');
      },
      file: () => Readable.from(readJobFile(ports.pool, job.id)),
    });
    await failPoint('console.job.worked');
    return { state: 'done', result };
  } catch (thrown) {
    if (thrown instanceof JobStopped) {
      if (thrown.why === 'lost') return null;
      return thrown.why === 'cancelled' ? { state: 'cancelled' } : { state: 'queued', afterSeconds: 0 };
    }
    if (thrown instanceof Problem && thrown.status < 500)
      return { state: 'failed', problem: { code: thrown.code, detail: thrown.detail } };
    ports.log.warn({ event: 'job.attempt_failed', id: job.id, kind: job.kind, error: messageOf(thrown) });
    return job.attempts < maxAttempts
      ? { state: 'queued', afterSeconds: pauseSeconds(job.attempts) }
      : {
          state: 'failed',
          problem: { code: 'gave_up', detail: `tried ${job.attempts} times; see the log of console` },
        };
  } finally {
    over.abort();
  }
};

export const startJobRunner = (ports: ConsolePorts, kinds: Readonly<Record<string, JobKind>>): JobRunner => {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let resting = new AbortController();

  const run = async (job: Job): Promise<void> => {
    await failPoint('console.job.claimed');
    const kind = kinds[job.kind];
    const end: JobEnd | null = kind
      ? await runOne(ports, kind, job, stopping.signal)
      : { state: 'failed', problem: { code: 'kind_unknown', detail: `this version has no job ${job.kind}` } };
    if (end) await endJob(ports.pool, job, end);
    ports.log.info({ event: 'job.ended', id: job.id, kind: job.kind, state: end?.state ?? 'lost' });
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      resting = new AbortController();
      const job =
        running.size < maxRunning ? await claimJob(ports.dataSource, ports.jobLeaseMs / 1000).catch(() => null) : null;
      if (!job) {
        await systemTime.wait(lookEveryMs, AbortSignal.any([stopping.signal, resting.signal]));
        continue;
      }
      const ended: Promise<void> = run(job)
        // The lease runs out, and the job is taken again.
        .catch((thrown: unknown) => ports.log.error({ event: 'job.failed', id: job.id, error: messageOf(thrown) }))
        .finally(() => {
          running.delete(ended);
          resting.abort();
        });
      running.add(ended);
    }
  };
  const looping = loop();
  return {
    wake: () => resting.abort(),
    close: async () => {
      stopping.abort();
      await Promise.all([looping, ...running]);
    },
  };
};
