import { isKnownName } from './columns.js';
import { widthOf } from './delimiter.js';

/** The header row of a report, below the title lines that many networks put on top. */

const maxTitleRows = 30;

const isValue = (cell: string): boolean => /^[-+($€£]?\d/.test(cell) || cell.includes('@') || /^https?:/.test(cell);

/** How much a row looks like a header: names that we know count most, values count against it. */
const score = (row: readonly string[], width: number): number => {
  const filled = row.filter((cell) => cell !== '');
  if (filled.length < 2 && width > 1) return -1;
  const known = filled.filter(isKnownName).length;
  const values = filled.filter(isValue).length;
  const distinct = new Set(filled.map((cell) => cell.toLowerCase())).size;
  const fits = Math.abs(row.length - width) <= 1 ? 1 : 0;
  return known * 2 + distinct / Math.max(1, width) + fits * 2 - values * 3;
};

/** Index of the header row, or null: no row looks like one. The first of equal rows wins, because
 * data comes below. */
export const findHeaderRow = (rows: readonly string[][]): number | null => {
  const width = widthOf(rows);
  let best: { at: number; score: number } | null = null;
  for (const [at, row] of rows.slice(0, maxTitleRows).entries()) {
    const own = score(row, width);
    if (own > 1 && own > (best?.score ?? 0)) best = { at, score: own };
  }
  return best?.at ?? null;
};
