import { parse } from 'csv-parse/sync';

/** How the columns of a file are separated, and its rows as cells. */

export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

const maxCellLength = 64 * 1024;

/** What the streaming parser of an upload is given too, so that both see the same rows. */
export const csvOptions = (delimiter: Delimiter) =>
  ({
    delimiter,
    bom: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: maxCellLength * 16,
  }) as const;

/** The first line that Excel writes and obeys: `sep=;`. */
const sepLine = /^\ufeff?"?sep=([,;|\t])"?\r?(?:\n|$)/i;

/** The delimiter that a `sep=` line states, or null. */
const statedDelimiter = (text: string): Delimiter | null => (sepLine.exec(text)?.[1] as Delimiter) ?? null;

/** Rows of the first part of a file, with the byte (of the text as UTF-8) at which each begins. The
 * last row may be cut, so it is left out unless the part is the whole file. */
export const numberedRowsOfHead = (
  text: string,
  delimiter: Delimiter,
  isWhole: boolean,
): { cells: string[]; startByte: number }[] => {
  const end = isWhole ? text.length : text.lastIndexOf('\n') + 1;
  try {
    const parsed = parse(text.slice(0, end || text.length), { ...csvOptions(delimiter), info: true });
    const rows = parsed as unknown as { record: string[]; info: { bytes: number } }[];
    return rows.map(({ record }, at) => ({ cells: record, startByte: rows[at - 1]?.info.bytes ?? 0 }));
  } catch {
    return [];
  }
};

export const rowsOfHead = (text: string, delimiter: Delimiter, isWhole: boolean): string[][] =>
  numberedRowsOfHead(text, delimiter, isWhole).map(({ cells }) => cells);

const modalWidth = (rows: readonly string[][]): { width: number; share: number } => {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width = 0, count = 0] = [...counts].sort((a, b) => b[1] * b[0] - a[1] * a[0])[0] ?? [];
  return { width, share: rows.length === 0 ? 0 : count / rows.length };
};

/** The delimiter under which most rows have the same number of columns, and more than one. Amounts
 * and titles may hold any of the marks, so counting marks in the first line is not enough. */
export const detectDelimiter = (text: string, isWhole: boolean): Delimiter => {
  const stated = statedDelimiter(text);
  if (stated) return stated;
  const score = (delimiter: Delimiter): number => {
    const rows = rowsOfHead(text, delimiter, isWhole).filter((row) => row.some((cell) => cell !== ''));
    const { width, share } = modalWidth(rows.slice(0, 200));
    return width < 2 ? 0 : share * 10 + Math.min(width, 20) / 20;
  };
  const scored = delimiters.map((delimiter) => ({ delimiter, score: score(delimiter) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
};

/** The number of columns that most rows have. */
export const widthOf = (rows: readonly string[][]): number =>
  modalWidth(rows.filter((row) => row.some((cell) => cell !== ''))).width;
