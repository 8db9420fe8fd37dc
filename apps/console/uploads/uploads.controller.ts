import { reportMapping, type SafePostbackRecord } from '#contracts';
import { commonDialect, readClickId, type Analysis, type Dialect, type ReadingPlan, type ReportMapping } from '#domain';
import { findCatalogEntry, findConversionsByTransaction } from '#postgres';
import { Controller, Inject, Post } from '@nestjs/common';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { audited, type AuditActor } from '../access/audit.js';
import { flag } from '../http/flag.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { notFound, Problem } from '../http/problem.js';
import type { JobKind } from '../jobs/job.js';
import { submitJob, wantsJob, acceptedAnswer } from '../jobs/submit.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { openReportFile, type ReportRow } from './report-file.js';
import { createRowReading, resultOf } from './row-reading.js';
import { createUploadTotals, uploadTotals } from './upload-totals.js';
import { answerUpload, batchRows, runUpload, timeOfId, type ReadRow } from './upload.js';

/** Conversions by file, for a network whose postbacks failed or were never sent. Each row
 * becomes a postback of its own on the same topic under the same rules, so a row that repeats a
 * postback is its duplicate. */

/** A mapping as JSON text, because the body is the file itself. */
export const mappingText = z
  .string()
  .max(20_000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(reportMapping);

const uploadQuery = z.strictObject({
  networkKey: z.string().max(63).optional(),
  dryRun: flag(false),
  /** Whether destinations receive what the rows change. */
  dispatch: flag(true),
  uploadId: z.uuid({ version: 'v7' }).optional(),
  /** How the file is read; without it the network's `reportFile`, else what the file shows. */
  mapping: mappingText.optional(),
});
type UploadQuery = z.infer<typeof uploadQuery>;

export const uploadAnswer = z
  .object({
    uploadId: z.uuid(),
    dryRun: z.boolean(),
    rows: z.array(z.looseObject({ row: z.int(), outcome: z.enum(['accepted', 'refused', 'failed', 'skipped']) })),
    counts: z.object({
      rows: z.int(),
      accepted: z.int(),
      refused: z.int(),
      failed: z.int(),
      /** Totals lines, repeated headers and empty lines. */
      skipped: z.int(),
    }),
    complete: z.boolean(),
    problem: z.object({ code: z.string(), detail: z.string() }).optional(),
    totals: uploadTotals.optional(),
    /** Columns that no field is read from. */
    unusedColumns: z.array(z.string()).optional(),
    fileProblems: z
      .array(z.object({ code: z.string(), column: z.string().nullable(), message: z.string() }))
      .optional(),
  })
  .meta({ id: 'UploadResult' });
export const csvTypes = ['text/csv', 'application/octet-stream'];

/** The body as the stream that the parsers of server.ts leave it. */
export const streamOf = (given: Given): Readable => {
  const { body } = given.request;
  if (body instanceof Readable) return body;
  throw new Problem(415, 'content_type_unknown', 'send the file itself, with the content type text/csv');
};

/** A given id must be recent: it carries the time under which the rows are in the log. */
export const uploadIdOf = (given: string | undefined, now: Date): string => {
  if (given === undefined) return uuidv7();
  const age = now.getTime() - timeOfId(given);
  if (age < -60_000 || age > 7 * 86_400_000)
    throw new Problem(422, 'upload_id_old', 'an uploadId is good for seven days', [
      { path: 'uploadId', code: 'upload_id_old', message: 'is not of the last seven days' },
    ]);
  return given;
};

/** @throws Problem (422) with what the file needs before a row can be read safely. */
const planOf = ({ plan, problems }: Analysis): ReadingPlan => {
  if (plan) return plan;
  const errors = problems.map(({ code, column, message }) => ({ path: column ?? '', code, message }));
  throw new Problem(422, 'report_file_unreadable', problems.map(({ message }) => message).join(' '), errors);
};

/** The network's settings that reading its file needs. @throws Problem (404) */
export const reportNetworkOf = async (
  ports: Pick<ConsolePorts, 'dataSource'>,
  networkKey: string | null,
): Promise<{ dialect: Dialect; mapping: ReportMapping }> => {
  if (networkKey === null) return { dialect: commonDialect, mapping: {} };
  const network = await findCatalogEntry(ports.dataSource, 'network', networkKey);
  if (!network) throw notFound('network', networkKey);
  const body = network.body as Dialect & { reportFile?: ReportMapping | null };
  return { dialect: body, mapping: body.reportFile ?? {} };
};

@Controller('api/v1/conversions')
export class ConversionUploadController {
  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<ConsolePorts, 'dataSource' | 'pool' | 'produce' | 'now' | 'secrets'>,
  ) {}

  @Post('upload')
  @Operation({
    summary:
      "Takes conversions from a network's report file and answers row by row. " +
      'With dryRun nothing is sent; each row says how it is read and which conversion it concerns, and the end has ' +
      'the totals and the unused columns. A file that cannot be read safely is refused as a whole. ' +
      'With `Prefer: respond-async` it is a job, and answers 202.',
    role: 'editor',
    query: uploadQuery,
    streams: csvTypes,
    answer: uploadAnswer,
    isJob: acceptedAnswer,
    errors: [
      'not_found',
      'too_many_rows',
      'charset_unknown',
      'csv_unreadable',
      'rows_missing',
      'report_file_unreadable',
      'upload_id_old',
      'too_many_jobs',
    ],
  })
  async upload(@Input() given: Given<unknown, UploadQuery>): Promise<Readable | z.infer<typeof acceptedAnswer>> {
    const body = streamOf(given);
    const contentType = given.request.headers['content-type'];
    const uploadId = uploadIdOf(given.query.uploadId, this.ports.now());
    const query = { ...(given.request.query as object), uploadId };
    if (wantsJob(given))
      return submitJob(this.ports, given, {
        kind: 'conversions.upload',
        params: { query, contentType },
        file: body,
      });
    const upload = { ...given.query, uploadId, contentType };
    const { batches, ports } = await openConversionUpload(this.ports, given.actor, upload, body);
    return answerUpload(batches, given.reply, { id: uploadId, dryRun: upload.dryRun }, ports);
  }
}

type Ports = Pick<ConsolePorts, 'dataSource' | 'pool' | 'produce' | 'now' | 'secrets'>;
type Upload = UploadQuery & { uploadId: string; contentType: string | undefined };

/** The rows of a file, and what becomes of them. @throws Problem for a file that cannot be read */
const openConversionUpload = async (ports: Ports, actor: AuditActor, upload: Upload, body: Readable) => {
  const { networkKey = null, dryRun, dispatch, uploadId: id, contentType } = upload;
  const network = await reportNetworkOf(ports, networkKey);
  const file = await openReportFile(body, {
    contentType,
    mapping: upload.mapping ?? network.mapping,
    network: network.dialect,
    nowMs: ports.now().getTime(),
  });
  const plan = planOf(file.analysis);
  const recognise = (text: string) => readClickId(text, ports.secrets);
  const read = createRowReading(plan, { id, networkKey, dialect: network.dialect, dispatch, recognise });
  const totals = createUploadTotals();
  const readBatch = async (rows: ReportRow[]): Promise<ReadRow[]> => {
    const readRows = rows.map(read);
    const messages = readRows.flatMap((row) => ('message' in row ? [row.message] : []));
    messages.forEach(totals.add);
    const known = dryRun ? await knownConversions(ports, messages, networkKey) : null;
    return readRows.map((row) => ('message' in row ? resultOf(row.message, row.row, known) : row));
  };
  return {
    batches: file.batches(plan, batchRows),
    ports: {
      readBatch,
      produce: dryRun ? null : ports.produce,
      note: () =>
        audited(ports.dataSource, actor, ({ audit }) =>
          audit({ action: 'uploaded', kind: 'conversions', key: id, after: { networkKey, dispatch } }),
        ),
      summary: () => ({
        totals: totals.all(),
        unusedColumns: file.analysis.columns.filter(({ field }) => field === null).map(({ name }) => name),
        fileProblems: file.analysis.problems,
      }),
    },
  };
};

/** For a dry run: the conversions that the rows' transaction ids belong to already. */
const knownConversions = (
  { pool }: Pick<Ports, 'pool'>,
  messages: readonly SafePostbackRecord[],
  networkKey: string | null,
) => {
  const ids = messages.map(({ read }) => read.transactionId?.value ?? '');
  return findConversionsByTransaction(
    pool,
    ids.filter((id) => id !== ''),
    networkKey,
  );
};

/** The same as a job. */
export const conversionUploadJob: JobKind = async (ports, { params, actor, save, file }) => {
  const { query, contentType } = params as { query: Record<string, unknown>; contentType: string | undefined };
  const upload = { ...uploadQuery.parse(query), contentType, uploadId: String(query['uploadId']) };
  const opened = await openConversionUpload(ports, actor, upload, file());
  const of = { id: upload.uploadId, dryRun: upload.dryRun };
  return runUpload(opened.batches, of, opened.ports, (done) => save({ done, total: null, checkpoint: null }));
};
