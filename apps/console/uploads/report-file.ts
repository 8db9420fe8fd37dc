import {
  analyseReportFile,
  charsetNamed,
  createDecoder,
  csvOptions,
  type Analysis,
  type Dialect,
  type ReadingPlan,
  type ReportMapping,
} from '#domain';
import { parse, type CsvError, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { checkFileSize, maxFileBytes } from '../http/file-limit.js';
import { Problem } from '../http/problem.js';

/** A network's report file as a stream: its first part is analysed, then all rows are read by the
 * plan that came of it. Memory holds that part and one batch, however long the file is. */

const headBytes = 256 * 1024;
/** The parser turns a piece into rows at once: few of them are young garbage, soon collected. */
const pieceBytes = 64 * 1024;
export const maxReportRows = 1_000_000;

/** A row as cells, numbered as a spreadsheet does; or why it is none. */
export type ReportRow = { row: number; cells: string[] } | { row: number; error: string };

type ReportFile = {
  analysis: Analysis;
  /** @throws Problem for too many rows or bytes */
  batches: (plan: ReadingPlan, size: number) => AsyncGenerator<ReportRow[]>;
};

type OpenOptions = {
  contentType: string | undefined;
  mapping: ReportMapping;
  network: Pick<Dialect, 'params' | 'amountFormat' | 'timeZone'>;
  nowMs: number;
  maxBytes?: number;
};

/** @throws Problem (415) for a charset that is declared and not known. */
const declaredCharsetOf = (contentType: string | undefined) => {
  const name = /;\s*charset=["']?([\w-]+)/i.exec(contentType ?? '')?.[1];
  if (name === undefined) return null;
  const charset = charsetNamed(name);
  if (charset === null)
    throw new Problem(415, 'charset_unknown', `The charset ${name} is not known here. Save the file as UTF-8.`);
  return charset;
};

/** Reads the first part of the body and finds what the file is. */
export const openReportFile = async (body: Readable, options: OpenOptions): Promise<ReportFile> => {
  const declaredCharset = declaredCharsetOf(options.contentType);
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Buffer[] = [];
  let size = 0;
  let isWhole = false;
  while (size < headBytes && !isWhole) {
    const { value, done } = await chunks.next();
    isWhole = done === true;
    if (!done) size += parts[parts.push(value) - 1]?.length ?? 0;
  }
  const head = Buffer.concat(parts);
  const { mapping, network, nowMs, maxBytes = maxFileBytes } = options;
  const analysis = analyseReportFile(head, { isWhole, declaredCharset, mapping, network, nowMs });
  return {
    analysis,
    batches: (plan, batchSize) => readBatches(decoded(head, chunks, plan, maxBytes), plan, batchSize),
  };
};

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** The text from the header row on. Title lines have other widths, and the parser makes an
 * expensive error for each row that is not as wide as its first. */
async function* decoded(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  plan: ReadingPlan,
  maxBytes: number,
): AsyncGenerator<string | Buffer> {
  const decoder = createDecoder(plan.charset);
  yield* piecesOf(Buffer.from(decoder.decode(head)).subarray(plan.headerStartByte));
  let bytes = head.length;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    bytes += next.value.length;
    checkFileSize(bytes, maxBytes);
    for (const piece of piecesOf(next.value)) yield decoder.decode(piece);
  }
  yield decoder.end();
}

async function* readBatches(
  text: AsyncGenerator<string | Buffer>,
  plan: ReadingPlan,
  size: number,
): AsyncGenerator<ReportRow[]> {
  const parser = parse({ ...csvOptions(plan.delimiter), skip_records_with_error: true, info: true });
  // A row that cannot be read is announced before the good rows ahead of it.
  const unreadable: ReportRow[] = [];
  parser.on('skip', (error: CsvError) => unreadable.push({ row: Number(error['lines']), error: error.message }));
  const source = Readable.from(text).on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let batch: ReportRow[] = [];
  let row = plan.headerRow - 1;
  try {
    for await (const { record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      row += 1;
      if (row <= plan.headerRow) continue;
      if (row - plan.headerRow > maxReportRows)
        throw new Problem(413, 'too_many_rows', `A report file has at most ${maxReportRows} rows: split it.`);
      batch.push({ row, cells: record });
      if (batch.length < size) continue;
      yield [...batch, ...unreadable.splice(0)];
      batch = [];
    }
    if (batch.length + unreadable.length > 0) yield [...batch, ...unreadable.splice(0)];
  } catch (thrown) {
    if ((thrown as { code?: string }).code?.startsWith('CSV_'))
      throw new Problem(422, 'csv_unreadable', (thrown as Error).message);
    throw thrown;
  } finally {
    source.unpipe();
    source.destroy();
    parser.destroy();
  }
}
