import type { Result } from './results.js';

const width = 800;
const rowHeight = 34;
const labelWidth = 400;
const figureWidth = 110;
const barWidth = width - labelWidth - figureWidth;

const escape = (text: string): string => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
const shown = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
const topOf = (row: number): number => row * rowHeight + 36;

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}"${more}>${escape(words)}</text>`;
const bar = (x: number, y: number, size: number, fill: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${size.toFixed(1)}" height="18" fill="${fill}"/>`;

/** An SVG text that is readable on light and on dark pages. */
const drawing = (title: string, rows: number, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${topOf(rows) + 34}"`,
    ` font-family="system-ui, sans-serif" font-size="13">`,
    `<style>text { fill: #495057 } @media (prefers-color-scheme: dark) { text { fill: #ced4da } }</style>`,
    text(0, 18, title, ' font-size="16" font-weight="600"'),
    ...body,
    '</svg>\n',
  ].join('\n');

const colours = { aim: '#2f9e44', held: '#1c7ed6', below: '#e03131' };

const againstAim = (result: Result, row: number): string => {
  const { ratio, aim, atLeast, better, limit, unit, grade } = result;
  // Where less is better the minimum is the larger of the two.
  const end = (better === 'higher' ? aim : atLeast) * 1.15;
  const at = (value: number): number => Math.max(0, Math.min(1, value / end)) * barWidth;
  const y = topOf(row);
  const tick = (value: number, dash: string): string => {
    const x = (labelWidth + at(value)).toFixed(1);
    return `<line x1="${x}" y1="${y - 3}" x2="${x}" y2="${y + 21}" stroke="#868e96" stroke-dasharray="${dash}"/>`;
  };
  const figure = ratio === null ? 'not measured' : `${shown(ratio)} ${limit === null ? unit : '×'}`;
  return [
    text(0, y + 13, result.what),
    bar(labelWidth, y, barWidth, '#868e9626'),
    bar(labelWidth, y, at(ratio ?? 0), colours[grade ?? 'below']),
    tick(atLeast, '2 2'),
    tick(aim, 'none'),
    text(labelWidth + barWidth + 8, y + 13, figure),
  ].join('\n');
};

/** A bar for each row, with its minimum and its aim. */
export const barChart = (title: string, results: readonly Result[]): string =>
  drawing(title, results.length, [
    ...results.map(againstAim),
    text(labelWidth, topOf(results.length) + 20, 'dashed: minimum · solid: aim', ' font-size="11"'),
  ]);

const palette = ['#1c7ed6', '#f08c00', '#2f9e44', '#ae3ec9', '#e03131', '#0c8599', '#868e96'];
const sumOf = ({ cpu }: Result): number => Object.values(cpu ?? {}).reduce((sum, each) => sum + each, 0);

/** CPU seconds per 1,000 units, one bar of parts for each row that has them. */
export const cpuChart = (title: string, results: readonly Result[]): string => {
  const rows = results.filter(({ cpu }) => cpu !== null);
  const names = [...new Set(rows.flatMap(({ cpu }) => Object.keys(cpu ?? {})))];
  const colourOf = (name: string): string => palette[names.indexOf(name) % palette.length]!;
  const largest = Math.max(...rows.map(sumOf));
  const bars = rows.map((result, row) => {
    const y = topOf(row);
    let x = labelWidth;
    const parts = names.map((name) => {
      const size = ((result.cpu?.[name] ?? 0) / largest) * barWidth;
      x += size;
      return bar(x - size, y, size, colourOf(name));
    });
    return [text(0, y + 13, result.what), ...parts, text(x + 8, y + 13, `${shown(sumOf(result))} s`)].join('\n');
  });
  const y = topOf(rows.length) + 20;
  const legend = names.map((name, index) => {
    const x = index * 105;
    return `<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${colourOf(name)}"/>${text(x + 14, y, name)}`;
  });
  return drawing(title, rows.length, [...bars, ...legend]);
};
