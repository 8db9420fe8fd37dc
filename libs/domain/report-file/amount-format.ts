import { readAmount } from '../money/amount.js';
import type { AmountFormat } from '../settings.js';

/** The decimal separator of a file's amounts. One value such as `0.477` decides for all others of
 * the file, so that no row has money while its neighbour has none (P5). */

export type AmountFinding =
  | { format: 'dot' | 'comma'; by: string }
  /** No value has a separator that could be read in two ways. */
  | { format: 'any' }
  | { format: 'unknown'; example: string }
  | { format: 'contradictory'; dot: string; comma: string };

const reads = (text: string, format: AmountFormat): boolean => readAmount(text, format).value !== null;

/** Looks at every value: evidence for a point, for a comma, or neither. */
export const detectAmountFormat = (values: readonly string[]): AmountFinding => {
  let dot: string | null = null;
  let comma: string | null = null;
  let open: string | null = null;
  for (const value of values) {
    if (!/[.,]/.test(value)) continue;
    const asDot = readAmount(value, 'dot').value;
    const asComma = readAmount(value, 'comma').value;
    if (asDot === asComma) continue;
    if (reads(value, 'auto')) {
      if (readAmount(value, 'auto').value === asDot) dot ??= value;
      else comma ??= value;
    } else if (asDot !== null && asComma === null) dot ??= value;
    else if (asComma !== null && asDot === null) comma ??= value;
    else if (asDot !== null) open ??= value;
  }
  if (dot !== null && comma !== null) return { format: 'contradictory', dot, comma };
  if (dot !== null) return { format: 'dot', by: dot };
  if (comma !== null) return { format: 'comma', by: comma };
  return open === null ? { format: 'any' } : { format: 'unknown', example: open };
};
