import { gradeOf, scoreOf, type Outcome } from './row.js';

const number = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);

const words = { aim: '✓ aim reached', held: '✓ above the minimum', below: '✗ below the minimum' };

/** One line per row, in columns as wide as their widest cell. */
export const table = (outcomes: readonly Outcome[]): string => {
  const lines = [['what', 'ours', 'limit', 'score', 'at least', 'aim', '']];
  for (const { row, measured, error } of outcomes) {
    const { what, unit, atLeast, aim } = row;
    if (!measured) {
      lines.push([what, '–', '–', '–', number(atLeast), number(aim), `✗ not measured: ${error}`]);
      continue;
    }
    const score = scoreOf(measured);
    const limit = measured.limit === undefined ? '–' : `${number(measured.limit)} ${unit}`;
    const ours = `${number(measured.ours)} ${unit}`;
    lines.push([what, ours, limit, number(score), number(atLeast), number(aim), words[gradeOf(row, score)]]);
  }
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
