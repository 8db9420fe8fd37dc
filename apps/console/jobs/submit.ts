import { insertJob, insertJobFilePiece } from '#postgres';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { audited, type AuditActor } from '../access/audit.js';
import { checkFileSize } from '../http/file-limit.js';
import type { Given } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import type { ConsolePorts } from '../ports.js';
import { showJob } from './job.js';

/** How a long action becomes a job: the caller sends `Prefer: respond-async` (RFC 7240). */

export const jobAnswer = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    cancelling: z.boolean(),
    userId: z.uuid().nullable(),
    tokenId: z.uuid().nullable(),
    done: z.int().describe('steps done: rows of a file, calls of a replay'),
    total: z.int().nullable().describe('null: not known'),
    result: z.unknown().describe('what the same action answers at once'),
    problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Job' });
export const acceptedAnswer = z.object({ job: jobAnswer }).meta({ id: 'AcceptedJob' });

export const wantsJob = ({ request }: Pick<Given, 'request'>): boolean =>
  [request.headers['prefer'] ?? ''].flat().some((text) => /(?:^|,)\s*respond-async\b/i.test(text));

const pieceBytes = 1024 * 1024;

/** Stores the file of a job that is about to be made.
 *  @throws Problem 413 */
const storeFile = async ({ pool }: Pick<ConsolePorts, 'pool'>, jobId: string, file: Readable): Promise<void> => {
  let held: Buffer[] = [];
  let [bytes, piece, all] = [0, 0, 0];
  const flush = async (): Promise<void> => {
    if (bytes === 0) return;
    await insertJobFilePiece(pool, jobId, piece, Buffer.concat(held));
    [held, bytes, piece] = [[], 0, piece + 1];
  };
  for await (const chunk of file as AsyncIterable<Buffer>) {
    all += chunk.length;
    checkFileSize(all);
    held.push(chunk);
    bytes += chunk.length;
    if (bytes >= pieceBytes) await flush();
  }
  await flush();
};

/** Makes a job and its audit line, and answers 202 with it. */
export const submitJob = async (
  ports: Pick<ConsolePorts, 'dataSource' | 'pool'>,
  { actor, reply }: { actor: AuditActor; reply: Given['reply'] },
  { kind, params, file }: { kind: string; params: object; file?: Readable },
): Promise<z.infer<typeof acceptedAnswer>> => {
  const id = uuidv7();
  if (file) await storeFile(ports, id, file);
  const job = await audited(ports.dataSource, actor, async ({ manager, audit }) => {
    const made = await insertJob(manager, { id, kind, params, userId: actor.userId, tokenId: actor.tokenId });
    if (!made) throw new Problem(503, 'too_many_jobs', 'a thousand jobs wait already; try again later');
    await audit({ action: 'submitted', kind: 'job', key: id, after: { kind, params } });
    return made;
  });
  void reply.code(202).header('location', `/api/v1/jobs/${id}`);
  return { job: showJob(job) as unknown as z.infer<typeof jobAnswer> };
};
