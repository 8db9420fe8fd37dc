import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { PassThrough, type Readable } from 'node:stream';
import type { OutRecord } from '#kafka';
import { messageOf, systemTime } from '#runtime';
import { Problem } from '../http/problem.js';
import { JobStopped } from '../jobs/job.js';

/** An upload: rows in, records on a topic, and an answer row by row, as a stream with one batch in
 * memory. After a crash the acknowledged rows are on their topic. The same file sent again under
 * the same `uploadId` makes the same record ids, so that readers skip the rows they already have
 * (P3); the answer always names the id. */

/** What became of one row. */
export type RowResult = {
  row: number;
  outcome: 'accepted' | 'refused' | 'failed' | 'skipped';
  [detail: string]: unknown;
};
export type ReadRow = { result: RowResult; record: OutRecord | null };

export const batchRows = 500;
/** How often a batch that Kafka did not take is tried again before the upload ends. */
const attempts = 5;
const pauseMs = 1_000;

/** A UUID v7 for a row, made of the time of the upload's own id, the row's number and a hash.
 * Ids sort in the order of the rows and are the same at each upload. */
export const rowId = (uploadId: string, row: number): string => {
  const bytes = createHash('sha256').update(`${uploadId}/${row}`).digest().subarray(0, 16);
  Buffer.from(uploadId.replaceAll('-', ''), 'hex').copy(bytes, 0, 0, 6);
  bytes.writeUInt16BE(0x7000 | ((row >> 14) & 0xfff), 6);
  bytes.writeUInt16BE(0x8000 | (row & 0x3fff), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
export const timeOfId = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

const produceStubbornly = async (
  produce: (records: OutRecord[]) => Promise<void>,
  records: OutRecord[],
): Promise<string | null> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await produce(records);
      return null;
    } catch (thrown) {
      if (attempt === attempts) return messageOf(thrown);
      await systemTime.wait(pauseMs);
    }
  }
};

/** Until the reader has caught up, or has left. */
const untilWritable = (out: PassThrough): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      out.off('drain', go).off('close', go);
      resolve();
    };
    out.on('drain', go).on('close', go);
  });

type Ports<Row> = {
  readBatch: (rows: Row[]) => Promise<ReadRow[]>;
  /** What the end of the answer says of the whole file. */
  summary?: () => Record<string, unknown>;
  /** Null: a dry run, nothing is sent. */
  produce: ((records: OutRecord[]) => Promise<void>) | null;
  /** Writes the audit line before any row is sent, so that none is sent without it. Not called
   * for a dry run. */
  note: () => Promise<void>;
};

/** Reads the body and answers the stream of `{uploadId, dryRun, rows: […], counts, complete}`. The
 * first batch is read before the answer begins, so that a file that is none gets a proper problem
 * document. */
export const answerUpload = async <Row>(
  batches: AsyncGenerator<Row[]>,
  reply: FastifyReply,
  upload: { id: string; dryRun: boolean },
  ports: Ports<Row>,
): Promise<Readable> => {
  const first = await batches.next();
  if (first.done) throw new Problem(422, 'rows_missing', 'the upload has no rows below its header');
  if (!upload.dryRun) await ports.note();
  const out = new PassThrough();
  reply.header('content-type', 'application/json; charset=utf-8');
  const write = async (text: string): Promise<void> => {
    if (out.write(text) || out.destroyed) return;
    await untilWritable(out);
  };
  const respond = async (): Promise<void> => {
    let separator = '';
    await write(`{"uploadId":"${upload.id}","dryRun":${upload.dryRun},"rows":[`);
    const { counts, problem } = await handleAll(first.value, batches, ports, async (results) => {
      await write(separator + results.map((result) => JSON.stringify(result)).join(','));
      separator = ',';
    });
    const end = { counts, complete: problem === null, ...(problem !== null && { problem }), ...ports.summary?.() };
    out.end(`],${JSON.stringify(end).slice(1)}`);
  };
  // When the caller disconnects, the upload still runs to its end. The same file sent again under
  // the same uploadId answers with the results.
  out.on('error', () => undefined);
  void respond();
  return out;
};

/** Handles all batches. `take` gets the results of each. */
const handleAll = async <Row>(
  first: Row[],
  rest: AsyncGenerator<Row[]>,
  ports: Ports<Row>,
  take: (results: RowResult[]) => Promise<void>,
) => {
  const counts = { rows: 0, accepted: 0, refused: 0, failed: 0, skipped: 0 };
  let problem: { code: string; detail: string } | null = null;
  let rows: Row[] | undefined = first;
  try {
    while (rows && problem === null) {
      const read = await ports.readBatch(rows);
      const records = read.flatMap(({ record }) => (record ? [record] : []));
      const failure = ports.produce && records.length > 0 ? await produceStubbornly(ports.produce, records) : null;
      const results = read.map(({ result, record }) =>
        failure !== null && record ? { row: result.row, outcome: 'failed' as const } : result,
      );
      for (const { outcome } of results) counts[outcome] += 1;
      await take(results);
      counts.rows += results.length;
      if (failure !== null)
        problem = { code: 'temporarily_unavailable', detail: `send the file again with this uploadId: ${failure}` };
      else rows = (await rest.next()).value as Row[] | undefined;
    }
  } catch (thrown) {
    if (thrown instanceof JobStopped) throw thrown;
    problem =
      thrown instanceof Problem
        ? { code: thrown.code, detail: thrown.detail }
        : { code: 'unexpected', detail: messageOf(thrown) };
  } finally {
    await rest.return(undefined);
  }
  return { counts, problem };
};

/** Problems of an upload that are not its file's. */
const outages = new Set(['temporarily_unavailable', 'unexpected']);

/** Rows that a job's result names: every refused or failed one, and the first of the accepted. */
const maxNamedRows = 1_000;
const maxNamedAccepted = 100;

/** The same as a job: its result has the counts and the rows that need a look. A run after a crash
 * begins the file again, whose rows have the ids they had.
 *
 * @throws Error after an outage: the job is not done with a part of its file, and is tried again */
export const runUpload = async <Row>(
  batches: AsyncGenerator<Row[]>,
  upload: { id: string; dryRun: boolean },
  ports: Ports<Row>,
  save: (rows: number) => Promise<void>,
): Promise<object> => {
  const first = await batches.next();
  if (first.done) throw new Problem(422, 'rows_missing', 'the upload has no rows below its header');
  if (!upload.dryRun) await ports.note();
  const named: RowResult[] = [];
  let [seen, accepted, left] = [0, 0, 0];
  const take = async (results: RowResult[]): Promise<void> => {
    for (const result of results) {
      const isAccepted = result.outcome === 'accepted';
      if (isAccepted) accepted += 1;
      if (named.length < maxNamedRows && (!isAccepted || accepted <= maxNamedAccepted)) named.push(result);
      else left += 1;
    }
    seen += results.length;
    await save(seen);
  };
  const { counts, problem } = await handleAll(first.value, batches, ports, take);
  if (problem !== null && outages.has(problem.code)) throw new Error(problem.detail);
  const { id: uploadId, dryRun } = upload;
  const end = { counts, complete: problem === null, ...(problem !== null && { problem }), ...ports.summary?.() };
  return { uploadId, dryRun, rows: named, rowsNotNamed: left, ...end };
};
