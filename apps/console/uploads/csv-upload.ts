import { decodeText } from '#domain';
import { parse, type CsvError, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { checkFileSize, maxFileBytes } from '../http/file-limit.js';
import { Problem } from '../http/problem.js';

/** CSV as people export it from a network's panel: comma, semicolon or tab, with or without a byte
 * order mark, quotes where they like. It is read as a stream, row by row, so that an upload of any
 * size needs the memory of one batch. */

const maxRows = 100_000;
const maxRowBytes = 64 * 1024;

/** A row by its column names, or why it could not be read. Numbered as a spreadsheet does: the
 * header is row 1. (A field with line breaks in it counts as so many rows.) */
export type CsvRow = { row: number; values: Record<string, string> } | { row: number; error: string };

/** The file's first line, for its delimiter, and then all of it, first line included. */
const peekHeader = async (
  body: Readable,
  maxBytes: number,
): Promise<{ header: string; marked: boolean; all: AsyncGenerator<Buffer> }> => {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (!head.includes(0x0a) && head.length < maxRowBytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield head;
    let seen = head.length;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      seen += next.value.length;
      checkFileSize(seen, maxBytes);
      yield next.value;
    }
  };
  const marked = byteOrderMarks.some((mark) => head.subarray(0, mark.length).equals(mark));
  return { header: head.toString('latin1').split('\n', 1)[0] ?? '', marked, all: all() };
};
const byteOrderMarks = [Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from([0xff, 0xfe])];

/** A file without a byte order mark is read byte by byte, and each field of it decoded for itself:
 * UTF-8 where it is that, else latin1, as spreadsheets in Europe write. Two ids that differ in an
 * umlaut would otherwise become one, and two conversions with them. */
const decodeField = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? decodeText(Buffer.from(bytes, 'latin1')).text : bytes;

/** The delimiter that occurs most often in the header. Only the header counts, because a file with
 * semicolons can have commas in its amounts. */
const delimiterOf = (header: string): string =>
  [',', ';', '\t'].map((mark) => [mark, header.split(mark).length] as const).sort((x, y) => y[1] - x[1])[0]?.[0] ?? ',';

/** Column names are compared without case, spaces and dashes: `Transaction ID` is `transaction_id`.
 */
const columnName = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

const readColumns = (header: string[]): string[] => {
  const names = header.map(columnName);
  const repeated = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new Problem(422, 'columns_invalid', `the column "${repeated}" occurs twice in the header`);
  if (names.every((name) => name === ''))
    throw new Problem(422, 'columns_invalid', 'the first line must name the columns');
  return names.map((name, index) => name || `column_${index + 1}`);
};

/** Rows in batches. @throws Problem for a file that is none: no header, too many rows, too many
 * bytes. */
export async function* readCsvBatches(body: Readable, size: number, maxBytes = maxFileBytes): AsyncGenerator<CsvRow[]> {
  const { header, marked, all } = await peekHeader(body, maxBytes);
  const parser = parse({
    bom: true,
    ...(marked ? {} : { encoding: 'latin1', cast: decodeField }),
    columns: readColumns,
    delimiter: delimiterOf(header),
    trim: true,
    skip_empty_lines: true,
    relax_quotes: true,
    max_record_size: maxRowBytes,
    skip_records_with_error: true,
    info: true,
  });
  // The parser reports an unreadable row by an event, before it delivers the good rows ahead of it.
  // Keep it until its turn comes.
  let unreadable: CsvRow[] = [];
  parser.on('skip', (error: CsvError) => unreadable.push({ row: Number(error['lines']), error: error.message }));
  let batch: CsvRow[] = [];
  let count = 0;
  const takeBatch = (upTo: number): CsvRow[] => {
    const due = unreadable.filter(({ row }) => row < upTo);
    unreadable = unreadable.filter(({ row }) => row >= upTo);
    const whole = [...batch, ...due].sort((x, y) => x.row - y.row);
    batch = [];
    return whole;
  };
  const source = Readable.from(all).on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: Record<string, string> }>) {
      batch.push({ row: info.lines, values: record });
      count += 1;
      if (count > maxRows) throw new Problem(413, 'too_many_rows', `an upload has at most ${maxRows} rows: split it`);
      if (batch.length >= size) yield takeBatch(info.lines);
    }
    const last = takeBatch(Infinity);
    if (last.length > 0) yield last;
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
