import type { AmountFormat } from '../settings.js';
import { detectAmountFormat, type AmountFinding } from './amount-format.js';
import { createDecoder, detectCharset, type Charset } from './charset.js';
import { columnNames, suggestColumns, columnName } from './columns.js';
import { detectDateOrder, type DateFinding } from './date-order.js';
import { detectDelimiter, numberedRowsOfHead, type Delimiter } from './delimiter.js';
import { findHeaderRow } from './header-row.js';
import { hasRoundedNumbers } from './identifier.js';
import type { ReadingPlan, ReportField, ReportMapping } from './mapping.js';
import { kindOfBytes, kindOfText, notATableSentence } from './not-a-table.js';
import { isTotalsRow } from './row.js';

/** What a report file is and what it needs, found in its first part. Nothing is written; the same
 * plan reads the rows. */

type FileProblem = { code: FileProblemCode; column: string | null; message: string };
type FileProblemCode =
  | 'not_a_table'
  | 'header_missing'
  | 'column_missing'
  | 'identity_column_missing'
  | 'amount_column_missing'
  | 'amount_format_needed'
  | 'amount_format_contradictory'
  | 'date_order_needed'
  | 'date_unreadable'
  | 'ids_rounded'
  | 'columns_repeated';

/** Problems that stop the reading of the file. Others are warnings. */
const fatal: readonly FileProblemCode[] = [
  'not_a_table',
  'header_missing',
  'column_missing',
  'identity_column_missing',
  'amount_format_needed',
  'amount_format_contradictory',
  'date_order_needed',
];
const isFatal = ({ code }: FileProblem): boolean => fatal.includes(code);

type ColumnFinding = { name: string; title: string; field: ReportField | null; samples: string[] };
export type Analysis = {
  charset: Charset;
  delimiter: Delimiter;
  headerRow: number | null;
  columns: ColumnFinding[];
  formats: { amount: AmountFinding['format']; date: ReadingPlan['dateOrder'] };
  /** Rows below the header in the part that was looked at, totals left out. */
  rows: number;
  problems: FileProblem[];
  /** Null: a problem stops the reading. */
  plan: ReadingPlan | null;
};

export type AnalyseOptions = {
  /** Whether the head is the whole file. */
  isWhole: boolean;
  declaredCharset: Charset | null;
  mapping: ReportMapping;
  /** How the network's postbacks name and write things; a file that decides otherwise wins. */
  network: {
    params: Partial<Record<ReportField, readonly string[]>>;
    amountFormat: AmountFormat;
    timeZone: string;
  };
  nowMs: number;
};

/** Columns by field: those of the mapping; without one, those that the network's parameters or
 * their own names suggest. */
const chooseColumns = (
  names: readonly string[],
  { mapping, network }: Pick<AnalyseOptions, 'mapping' | 'network'>,
): ReadingPlan['columns'] => {
  const stated = Object.entries(mapping.columns ?? {}).filter(([, columns]) => columns.length > 0);
  if (stated.length > 0) return Object.fromEntries(stated.map(([field, columns]) => [field, columns.map(columnName)]));
  const own = Object.entries(network.params).flatMap(([field, parameters]) => {
    const column = parameters.map(columnName).find((name) => names.includes(name));
    return column === undefined ? [] : [[field, [column]] as const];
  });
  const taken = new Set(own.flatMap(([, columns]) => columns));
  for (const rule of mapping.statusRules ?? []) taken.add(columnName(rule.column));
  const suggestions = suggestColumns(names.filter((name) => !taken.has(name)));
  const suggested = Object.entries(suggestions).map(([field, name]) => [field, [name]] as const);
  return Object.fromEntries([...suggested, ...own]);
};

const valuesOf = (rows: readonly string[][], names: readonly string[], column: string): string[] => {
  const at = names.indexOf(column);
  return rows.map((row) => row[at] ?? '').filter((cell) => cell !== '');
};

/** The text that a field has in each row, several columns joined by a space. */
const joinedValues = (rows: readonly string[][], names: readonly string[], columns: readonly string[]): string[] =>
  rows.map((row) =>
    columns
      .map((column) => row[names.indexOf(column)] ?? '')
      .join(' ')
      .trim(),
  );

const problem = (code: FileProblemCode, message: string, column: string | null = null): FileProblem => ({
  code,
  column,
  message,
});

const columnProblems = (
  names: readonly string[],
  columns: ReadingPlan['columns'],
  mapping: ReportMapping,
): FileProblem[] => {
  const wanted = [
    ...Object.values(columns).flat(),
    ...(mapping.statusRules ?? []).map((rule) => columnName(rule.column)),
  ];
  const missing = [...new Set(wanted)].filter((column) => !names.includes(column));
  const has = (field: ReportField): boolean => (columns[field] ?? []).length > 0;
  return [
    ...missing.map((column) =>
      problem('column_missing', `The file has no column "${column}" that the mapping names.`, column),
    ),
    ...(has('clickId') || has('transactionId')
      ? []
      : [
          problem(
            'identity_column_missing',
            'No column is the click id or the transaction id: name one in the mapping.',
          ),
        ]),
    ...(has('amount')
      ? []
      : [problem('amount_column_missing', 'No column is the payout. A price or an order value is not taken for it.')]),
  ];
};

const amountProblems = (finding: AmountFinding, column: string): FileProblem[] => {
  if (finding.format === 'unknown')
    return [problem('amount_format_needed', `"${finding.example}" can be read in two ways: set amountFormat.`, column)];
  if (finding.format !== 'contradictory') return [];
  const text = `"${finding.dot}" has a decimal point and "${finding.comma}" a decimal comma: set amountFormat.`;
  return [problem('amount_format_contradictory', text, column)];
};

const dateProblems = (
  { order, candidates }: DateFinding,
  samples: readonly string[],
  column: string,
): FileProblem[] => {
  const [example] = samples;
  if (order !== null || example === undefined) return [];
  return candidates.length > 1
    ? [problem('date_order_needed', `"${example}" can be day or month first: set dateOrder to dmy or mdy.`, column)]
    : [problem('date_unreadable', `No order of day, month and year reads every value, such as "${example}".`, column)];
};

const failed = (charset: Charset, delimiter: Delimiter, found: FileProblem): Analysis => ({
  charset,
  delimiter,
  headerRow: null,
  columns: [],
  formats: { amount: 'any', date: null },
  rows: 0,
  problems: [found],
  plan: null,
});

/** Finds charset, delimiter, header, columns and formats. `head` is the first part of the file, 256
 * KiB or more where there is as much. */
export const analyseReportFile = (head: Uint8Array, options: AnalyseOptions): Analysis => {
  const { mapping, isWhole } = options;
  const charset = mapping.charset ?? detectCharset(head, options.declaredCharset);
  const decoder = createDecoder(charset);
  const text = decoder.decode(head) + (isWhole ? decoder.end() : '');
  const kind = kindOfBytes(head) ?? kindOfText(text);
  if (kind) return failed(charset, ',', problem('not_a_table', notATableSentence(kind)));
  const delimiter = mapping.delimiter ?? detectDelimiter(text, isWhole);
  const numbered = numberedRowsOfHead(text, delimiter, isWhole);
  const rows = numbered.map(({ cells }) => cells);
  const found = mapping.headerRow === undefined ? findHeaderRow(rows) : mapping.headerRow - 1;
  const header = found === null ? undefined : rows[found];
  if (found === null || !header)
    return failed(
      charset,
      delimiter,
      problem('header_missing', 'No row names the columns. State its number as headerRow.'),
    );
  const headerStartByte = numbered[found]?.startByte ?? 0;
  return analyseTable({ charset, delimiter, rows, headerAt: found, headerStartByte, header }, options);
};

/** The mapping's format, else what the file decides, else what the network's postbacks use. */
const amountFormatOf = ({ format }: AmountFinding, { mapping, network }: AnalyseOptions): AmountFormat => {
  if (mapping.amountFormat) return mapping.amountFormat;
  if (format === 'dot' || format === 'comma') return format;
  return format === 'contradictory' ? 'auto' : network.amountFormat;
};

type Table = {
  charset: Charset;
  delimiter: Delimiter;
  rows: string[][];
  headerAt: number;
  headerStartByte: number;
  header: string[];
};

const analyseTable = (
  { charset, delimiter, rows, headerAt, headerStartByte, header }: Table,
  options: AnalyseOptions,
): Analysis => {
  const { mapping, nowMs } = options;
  const names = columnNames(header);
  const columns = chooseColumns(names, options);
  const below = rows.slice(headerAt + 1).filter((row) => row.some((cell) => cell !== ''));
  const data = below.filter((row) => !isTotalsRow(row, names, columns));
  const amounts = (columns.amount ?? []).flatMap((column) => valuesOf(data, names, column));
  const sales = (columns.saleAmount ?? []).flatMap((column) => valuesOf(data, names, column));
  const amount = detectAmountFormat([...amounts, ...sales]);
  const times = columns.occurredAt ? joinedValues(data, names, columns.occurredAt) : [];
  const preamble = rows.slice(0, headerAt).flat().join(' ');
  const date = detectDateOrder(times, preamble, nowMs);
  const ids = [...(columns.transactionId ?? []), ...(columns.lineId ?? []), ...(columns.reversalOf ?? [])];
  const roundedIds = ids.filter((column) => hasRoundedNumbers(valuesOf(data, names, column)));
  const problems = [
    ...columnProblems(names, columns, mapping),
    ...(amountFormatOf(amount, options) === 'auto' ? amountProblems(amount, columns.amount?.[0] ?? '') : []),
    ...(mapping.dateOrder ? [] : dateProblems(date, times, columns.occurredAt?.join(' ') ?? '')),
    ...roundedIds.map((column) =>
      problem('ids_rounded', 'A spreadsheet has rounded the long numbers of this column.', column),
    ),
    ...repeatedColumns(header),
  ];
  const plan: ReadingPlan = {
    charset,
    delimiter,
    headerRow: headerAt + 1,
    headerStartByte,
    names,
    columns,
    amountFormat: amountFormatOf(amount, options),
    dateOrder: mapping.dateOrder ?? date.order,
    timeZone: mapping.timeZone ?? options.network.timeZone,
    statusRules: (mapping.statusRules ?? []).map((rule) => ({ ...rule, column: columnName(rule.column) })),
    equalRows: mapping.equalRows ?? 'refuse',
    roundedIds,
  };
  return {
    charset,
    delimiter,
    headerRow: headerAt + 1,
    columns: names.map((name, at) => ({
      name,
      title: header[at] ?? '',
      field: (Object.keys(columns) as ReportField[]).find((field) => columns[field]?.includes(name)) ?? null,
      samples: [...new Set(valuesOf(data, names, name))].slice(0, 5).map((cell) => cell.slice(0, 200)),
    })),
    formats: { amount: mapping.amountFormat ? 'any' : amount.format, date: plan.dateOrder },
    rows: data.length,
    problems,
    plan: problems.some(isFatal) ? null : plan,
  };
};

const repeatedColumns = (header: readonly string[]): FileProblem[] => {
  const names = header.map(columnName).filter((name) => name !== '');
  const repeated = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return repeated.map((name) =>
    problem(
      'columns_repeated',
      `The column "${name}" is there more than once; the second is called "${name}_2".`,
      name,
    ),
  );
};
