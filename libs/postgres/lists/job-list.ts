import type { Queryable } from '../connection/database.js';
import type { Job } from '../console/job-store.js';
import { createFilter, type Choice } from './list-filter.js';
import { runList, type ListRows, type Page } from './run-list.js';

type JobFilter = { kind?: Choice | undefined; state?: Choice | undefined };

const columns = `j.id, j.kind, j.state, j.params, j.user_id as "userId", j.token_id as "tokenId", j.done::float8 as done,
  j.total::float8 as total, j.checkpoint, j.result, j.problem, j.cancel_requested as "cancelRequested", j.attempts,
  j.created_at as "createdAt", j.started_at as "startedAt", j.finished_at as "finishedAt"`;

/** Newest first. */
export const listJobs = (db: Queryable, { kind, state }: JobFilter, page: Page): Promise<ListRows<Job>> => {
  const filter = createFilter('j.created_at').byIndex('j.kind', kind).byIndex('j.state', state);
  return runList<Job>(db, { columns, from: 'jobs j', time: 'j.created_at', id: 'j.id', filter }, page);
};
