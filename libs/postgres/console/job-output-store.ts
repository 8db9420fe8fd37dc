import type { Queryable } from '../connection/database.js';

/** Files that jobs have made, in pieces. They are kept for a day. */

/** Writes a piece; one that a crash repeats replaces itself. */
export const putJobOutputPiece = async (db: Queryable, jobId: string, piece: number, bytes: Buffer): Promise<void> => {
  await db.query({
    name: 'put-job-output-piece',
    text: `insert into job_outputs (job_id, piece, bytes) values ($1, $2, $3)
           on conflict (job_id, piece) do update set bytes = excluded.bytes, created_at = now()`,
    values: [jobId, piece, bytes],
  });
};

/** The file, piece by piece; nothing when it was deleted already. */
export async function* readJobOutput(db: Queryable, jobId: string): AsyncGenerator<Buffer> {
  for (let piece = 0; ; piece += 1) {
    const { rows } = await db.query<{ bytes: Buffer }>({
      name: 'read-job-output-piece',
      text: 'select bytes from job_outputs where job_id = $1 and piece = $2',
      values: [jobId, piece],
    });
    if (!rows[0]) return;
    yield rows[0].bytes;
  }
}

export const hasJobOutput = async (db: Queryable, jobId: string): Promise<boolean> =>
  (await db.query('select from job_outputs where job_id = $1 and piece = 0', [jobId])).rowCount === 1;

/** Bytes of all files that are kept. */
export const jobOutputBytes = async (db: Queryable): Promise<number> => {
  const { rows } = await db.query<{ bytes: number }>(
    'select coalesce(sum(octet_length(bytes)), 0)::float8 as bytes from job_outputs',
  );
  return rows[0]?.bytes ?? 0;
};

/** Deletes what was made a day ago, a bounded piece at a time. */
export const deleteOldJobOutputs = async (db: Queryable): Promise<void> => {
  await db.query(
    `delete from job_outputs where (job_id, piece) in
       (select job_id, piece from job_outputs where created_at < now() - interval '1 day' order by created_at limit 500)`,
  );
};
