import { maxTargetLength, type SafePostbackRecord } from '#contracts';
import {
  commonDialect,
  foremostRefusal,
  isDecidedAtEdge,
  readClickId,
  readPostback,
  safeText,
  type Dialect,
  type OwnClickId,
} from '#domain';
import { findCatalogEntry, findConversionsByTransaction } from '#postgres';
import { Controller, Inject, Post } from '@nestjs/common';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { CsvRow } from './csv-upload.js';
import { audited } from '../access/audit.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound, Problem } from '../http/problem.js';
import { postbackRecordOf } from '../log/postback-record.js';
import { answerUpload, rowId, timeOfId, type ReadRow } from './upload.js';

/** Conversions by file: what a network hands out where its postbacks failed, or never were. Each row becomes a postback of its own on the
 *  same topic, read by the same dialect and held to the same rules, so that a row which repeats a postback is a duplicate of it. */

/** A switch of a query: text, as everything there is. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(fallback);
const uploadQuery = z.strictObject({
  networkKey: z.string().max(63).optional(),
  dryRun: flag(false),
  /** Whether destinations hear of what the rows change. */
  dispatch: flag(true),
  uploadId: z.uuid({ version: 'v7' }).optional(),
});
type UploadQuery = z.infer<typeof uploadQuery>;
export const uploadAnswer = z.object({
  uploadId: z.uuid(),
  dryRun: z.boolean(),
  rows: z.array(z.looseObject({ row: z.int(), outcome: z.enum(['accepted', 'refused', 'failed']) })),
  counts: z.object({ rows: z.int(), accepted: z.int(), refused: z.int(), failed: z.int() }),
  complete: z.boolean(),
  problem: z.object({ code: z.string(), detail: z.string() }).optional(),
});
export const csvTypes = ['text/csv', 'application/octet-stream'];

/** The body as the stream that the parsers of http.ts leave it. */
export const streamOf = (given: Given): Readable => {
  const { body } = given.request;
  if (body instanceof Readable) return body;
  throw new Problem(415, 'content_type_unknown', 'send the file itself, with the content type text/csv');
};

/** A given id must be of these days: it carries the time under which the rows stand in the log. */
export const uploadIdOf = (given: string | undefined, now: Date): string => {
  if (given === undefined) return uuidv7();
  const age = now.getTime() - timeOfId(given);
  if (age < -60_000 || age > 7 * 86_400_000)
    throw new Problem(422, 'upload_id_old', 'an uploadId is good for seven days', [
      { path: 'uploadId', code: 'upload_id_old', message: 'is not of the last seven days' },
    ]);
  return given;
};

const queryOfRow = (values: Record<string, string>): string =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();

/** The row as the call it stands for, so that it can be shown, and read again, like any other. */
const rawOf = (values: Record<string, string>, uploadId: string, row: number): SafePostbackRecord['raw'] => ({
  method: safeText('GET', 3),
  target: safeText(`/postback?${queryOfRow(values)}`, maxTargetLength),
  headers: { 'carom-upload': safeText(`${uploadId}/${row}`, 60) },
  body: null,
  bodyEncoding: 'utf8',
  remoteAddress: null,
});

const messageOfRow = (
  values: Record<string, string>,
  row: number,
  upload: { id: string; networkKey: string | null; dialect: Dialect; dispatch: boolean },
  recognise: (text: string) => OwnClickId | null,
): SafePostbackRecord => {
  const id = rowId(upload.id, row);
  const raw = rawOf(values, upload.id, row);
  const query = raw.target.slice(raw.target.indexOf('?') + 1);
  const result = readPostback({ method: 'GET', query, body: null, contentType: null }, upload.dialect, recognise);
  const known = upload.networkKey !== null || (result.refusal !== null && isDecidedAtEdge(result.refusal));
  return {
    id: safeText(id, 36),
    receivedAtMs: timeOfId(id),
    channel: 'upload',
    networkKey: upload.networkKey === null ? null : safeText(upload.networkKey, 63),
    authenticatedBy: 'operator',
    proof: 'operator',
    raw,
    read: result.read,
    problems: result.problems,
    refusal: known && result.refusal ? foremostRefusal([result.refusal]) : null,
    suppressDelivery: result.suppressDelivery || !upload.dispatch,
    test: result.test,
  };
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
      'Takes conversions from a CSV, whose columns are named as the parameters of a postback; answers row by row. ' +
      'With dryRun nothing is sent and each row tells how it reads and which conversion it would speak of.',
    role: 'editor',
    query: uploadQuery,
    streams: csvTypes,
    answer: uploadAnswer,
  })
  async upload(@Input() given: Given<unknown, UploadQuery>): Promise<Readable> {
    const { networkKey = null, dryRun, dispatch, uploadId } = given.query;
    const body = streamOf(given);
    const id = uploadIdOf(uploadId, this.ports.now());
    const network = networkKey === null ? null : await findCatalogEntry(this.ports.dataSource, 'network', networkKey);
    if (networkKey !== null && !network) throw notFound('network', networkKey);
    const dialect = network ? (network.body as Dialect) : commonDialect;
    const recognise = (text: string) => readClickId(text, this.ports.secrets);
    const read = ({ row, ...rest }: CsvRow): SafePostbackRecord | ReadRow =>
      'values' in rest
        ? messageOfRow(rest.values, row, { id, networkKey, dialect, dispatch }, recognise)
        : { result: { row, outcome: 'refused', code: 'row_unreadable', detail: rest.error }, record: null };

    const readBatch = async (rows: CsvRow[]): Promise<ReadRow[]> => {
      const messages = rows.map(read);
      const known = dryRun ? await this.known(messages, networkKey) : null;
      return messages.map((message, index) =>
        'result' in message ? message : resultOf(message, rows[index]!.row, known),
      );
    };
    const note = () =>
      audited(this.ports.dataSource, given.actor, ({ audit }) =>
        audit({
          action: 'uploaded',
          kind: 'conversions',
          key: id,
          after: { networkKey, dispatch },
        }),
      );
    return answerUpload(
      body,
      given.reply,
      { id, dryRun },
      { readBatch, produce: dryRun ? null : this.ports.produce, note },
    );
  }

  /** For a dry run: the conversions that the rows' transaction ids stand for already. */
  private async known(messages: readonly (SafePostbackRecord | ReadRow)[], networkKey: string | null) {
    const ids = messages.flatMap((message) => ('read' in message ? [message.read.transactionId?.value ?? ''] : []));
    return findConversionsByTransaction(
      this.ports.pool,
      ids.filter((id) => id !== ''),
      networkKey,
    );
  }
}

const resultOf = (
  message: SafePostbackRecord,
  row: number,
  known: Map<string, { id: string; state: string }> | null,
): ReadRow => {
  const values = Object.fromEntries(
    Object.entries(message.read).flatMap(([field, found]) => (found ? [[field, found.value]] : [])),
  );
  const dry = known && { read: values, conversion: known.get(message.read.transactionId?.value ?? '') ?? null };
  const problems = message.problems.length > 0 && { problems: message.problems };
  const outcome = message.refusal === null ? ('accepted' as const) : ('refused' as const);
  const refusal = message.refusal !== null && { code: message.refusal };
  // A refused row is sent too: the log shows it, and a replay can apply it when the settings have been mended.
  return {
    result: { row, outcome, ...refusal, postbackId: message.id, ...problems, ...dry },
    record: postbackRecordOf(message),
  };
};
