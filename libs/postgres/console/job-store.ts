import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';
import type { Queryable } from '../connection/database.js';

/** Long actions of the console. A job belongs to the process that holds its lease; when the lease
 *  runs out, another process goes on from the checkpoint. */

type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
type JobProblem = { code: string; detail: string };

/** int8 columns of counts: no job has more than 2^53 steps. */
const count = {
  from: (value: bigint | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

@Entity('jobs')
export class Job {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  state!: JobState;

  @Column('jsonb')
  params!: object;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('uuid', { name: 'token_id', nullable: true })
  tokenId!: string | null;

  @Column({ type: 'bigint', transformer: count })
  done!: number;

  @Column({ type: 'bigint', nullable: true, transformer: count })
  total!: number | null;

  @Column('jsonb', { nullable: true })
  checkpoint!: object | null;

  @Column('jsonb', { nullable: true })
  result!: object | null;

  @Column('jsonb', { nullable: true })
  problem!: JobProblem | null;

  @Column('boolean', { name: 'cancel_requested' })
  cancelRequested!: boolean;

  @Column('integer')
  attempts!: number;

  @Column({ type: 'timestamptz', name: 'created_at', insert: false, update: false })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}

type NewJob = Pick<Job, 'id' | 'kind' | 'params' | 'userId' | 'tokenId'>;

const maxOpenJobs = 1_000;

/** @returns null when too many jobs wait already */
export const insertJob = async (manager: EntityManager, job: NewJob): Promise<Job | null> => {
  const jobs = manager.getRepository(Job);
  if ((await jobs.countBy([{ state: 'queued' }, { state: 'running' }])) >= maxOpenJobs) return null;
  await jobs.insert({ ...job, state: 'queued', done: 0, cancelRequested: false, attempts: 0 });
  return jobs.findOneByOrFail({ id: job.id });
};

export const findJob = (dataSource: DataSource, id: string): Promise<Job | null> =>
  dataSource.getRepository(Job).findOneBy({ id });

/** Takes the oldest job that waits or whose process has died.
 *  @param leaseSeconds until `renewJob` is due */
export const claimJob = async (dataSource: DataSource, leaseSeconds: number): Promise<Job | null> => {
  const [rows] = await dataSource.query<[{ id: string }[], number]>(
    `update jobs set state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, now()),
       lease_until = now() + make_interval(secs => $1)
     where id = (select id from jobs where state = 'queued' and coalesce(lease_until, now()) <= now()
         or state = 'running' and lease_until < now()
       order by id for update skip locked limit 1) returning id`,
    [leaseSeconds],
  );
  return rows[0] ? findJob(dataSource, rows[0].id) : null;
};

export type JobProgress = { done: number; total: number | null; checkpoint: object | null };

/** Stores progress and keeps the lease.
 *  @param attempt as claimed: a process that lost its lease must not write any more
 *  @returns `lost` when another process has the job now */
export const renewJob = async (
  db: Queryable,
  { id, attempts }: Pick<Job, 'id' | 'attempts'>,
  progress: JobProgress | null,
  leaseSeconds: number,
): Promise<'held' | 'cancelled' | 'lost'> => {
  const { rows } = await db.query<{ cancelled: boolean }>({
    name: 'renew-job',
    text: `update jobs set lease_until = now() + make_interval(secs => $3), done = coalesce($4, done),
             total = case when $4::bigint is null then total else $5 end,
             checkpoint = case when $4::bigint is null then checkpoint else $6::jsonb end
           where id = $1 and attempts = $2 and state = 'running' returning cancel_requested as cancelled`,
    values: [
      id,
      attempts,
      leaseSeconds,
      progress?.done ?? null,
      progress?.total ?? null,
      progress?.checkpoint ? JSON.stringify(progress.checkpoint) : null,
    ],
  });
  if (!rows[0]) return 'lost';
  return rows[0].cancelled ? 'cancelled' : 'held';
};

export type JobEnd =
  | { state: 'done'; result: object }
  | { state: 'failed'; problem: JobProblem }
  | { state: 'cancelled' }
  /** To be taken again, by this process or another, after so many seconds. */
  | { state: 'queued'; afterSeconds: number };

export const endJob = async (
  db: Queryable,
  { id, attempts }: Pick<Job, 'id' | 'attempts'>,
  end: JobEnd,
): Promise<void> => {
  await db.query({
    name: 'end-job',
    text: `update jobs set state = $3, result = $4, problem = $5,
             finished_at = case when $3 = 'queued' then null else now() end,
             lease_until = case when $3 = 'queued' then now() + make_interval(secs => $6) end
           where id = $1 and attempts = $2 and state = 'running'`,
    values: [
      id,
      attempts,
      end.state,
      'result' in end ? JSON.stringify(end.result) : null,
      'problem' in end ? JSON.stringify(end.problem) : null,
      'afterSeconds' in end ? end.afterSeconds : 0,
    ],
  });
  if (end.state !== 'queued') await db.query('delete from job_files where job_id = $1', [id]);
};

/** A queued job ends at once, a running one at its next step.
 *  @returns whether it was still open */
export const cancelJob = async (manager: EntityManager, id: string): Promise<boolean> => {
  const [, affected] = await manager.query<[unknown, number]>(
    `update jobs set cancel_requested = true,
       finished_at = case when state = 'queued' then now() end,
       state = case when state = 'queued' then 'cancelled' else state end
     where id = $1 and state in ('queued', 'running')`,
    [id],
  );
  return affected === 1;
};

/** One piece of the file of a job that is about to be made. */
export const insertJobFilePiece = async (db: Queryable, jobId: string, piece: number, bytes: Buffer): Promise<void> => {
  await db.query({
    name: 'insert-job-file-piece',
    text: 'insert into job_files (job_id, piece, bytes) values ($1, $2, $3)',
    values: [jobId, piece, bytes],
  });
};

/** The file of a job, piece by piece. */
export async function* readJobFile(db: Queryable, jobId: string): AsyncGenerator<Buffer> {
  for (let piece = 0; ; piece += 1) {
    const { rows } = await db.query<{ bytes: Buffer }>({
      name: 'read-job-file-piece',
      text: 'select bytes from job_files where job_id = $1 and piece = $2',
      values: [jobId, piece],
    });
    if (!rows[0]) return;
    yield rows[0].bytes;
  }
}

/** Deletes files that never got a job, and jobs that ended 90 days ago, a bounded piece at a
 *  time. */
export const deleteOldJobs = async (db: Queryable): Promise<void> => {
  await db.query(
    `delete from job_files f where (job_id, piece) in
       (select job_id, piece from job_files where created_at < now() - interval '1 hour'
          and not exists (select from jobs where jobs.id = job_files.job_id and state in ('queued', 'running'))
        order by created_at limit 500)`,
  );
  await db.query(
    `delete from jobs where id in (select id from jobs where finished_at < now() - interval '90 days' order by id limit 500)`,
  );
};
