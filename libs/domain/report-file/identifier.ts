/** Ids that a spreadsheet has touched. A protected id is given back; a damaged one is refused,
 * because merging two conversions under one rounded id moves money. */

type IdentifierReading = { id: string } | { damaged: string };

const protectedByQuote = /^'(.+)$/s;
const protectedByFormula = /^="(.*)"$/s;

/** `'000451` and `="000452"` are how people keep leading zeros; the marks are not part of the id.
 */
export const readIdentifier = (cell: string): IdentifierReading => {
  const text = cell.trim();
  const formula = protectedByFormula.exec(text)?.[1];
  if (formula !== undefined) return { id: formula.replaceAll('""', '"').trim() };
  const quoted = protectedByQuote.exec(text)?.[1];
  if (quoted !== undefined && !quoted.endsWith("'")) return { id: quoted.trim() };
  // 1.23457E+14: the digits behind the point are lost. A spreadsheet keeps 15 digits of a number.
  if (/^\d(?:[.,]\d+)?E\+?\d{1,3}$/i.test(text)) return { damaged: text };
  return { id: text };
};

/** Whether a column's long numbers all end in zeros after their fifteenth digit, as a spreadsheet
 * leaves them. */
export const hasRoundedNumbers = (cells: readonly string[]): boolean => {
  const long = cells.filter((cell) => /^\d{18,}$/.test(cell));
  return long.length > 0 && long.every((cell) => /^0+$/.test(cell.slice(15)));
};

export const isRoundedNumber = (cell: string): boolean => /^\d{18,}$/.test(cell) && /^0+$/.test(cell.slice(15));
