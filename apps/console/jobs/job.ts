import type { Job, JobProgress } from '#postgres';
import type { Readable } from 'node:stream';
import type { AuditActor } from '../access/audit.js';
import type { ConsolePorts } from '../ports.js';

/** A long action as its kind sees it. */
type RunningJob<Params> = {
  id: string;
  params: Params;
  actor: AuditActor;
  /** What the last `save` stored before a crash; null: from the beginning. */
  checkpoint: object | null;
  /** Stores where the job is. What was done before it is not done again after a crash.
   *  @throws JobStopped when the job was cancelled, or this process must not go on */
  save: (progress: JobProgress) => Promise<void>;
  /** The file that came with the job, from its beginning. */
  file: () => Readable;
};

/** Runs a job to its end; must stand being run again from its last checkpoint.
 *  @returns the job's `result` */
export type JobKind<Params = object> = (ports: ConsolePorts, job: RunningJob<Params>) => Promise<object>;

/** Ends a run in the middle; `runner.ts` knows the reason. */
export class JobStopped extends Error {
  constructor(readonly why: 'cancelled' | 'lost' | 'shutdown') {
    super(`the job was stopped: ${why}`);
  }
}

export const isOwnJob = (job: Pick<Job, 'userId' | 'tokenId'>, actor: AuditActor): boolean =>
  job.userId !== null ? job.userId === actor.userId : job.tokenId === actor.tokenId;

/** A job as the API shows it. */
export const showJob = (job: Job) => {
  const { checkpoint: _checkpoint, cancelRequested, attempts: _attempts, params: _params, ...shown } = job;
  return { ...shown, cancelling: cancelRequested && job.state === 'running' };
};
