import pg from 'pg';
import { totalCpu } from './meter.js';
import { gradeOf, scoreOf, spreadOf, type Outcome } from './row.js';

const number = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);

const words = { aim: '✓ aim reached', held: '✓ above the minimum', below: '✗ below the minimum' };

const cellsOf = ({ row, measured, error, seconds }: Outcome): string[] => {
  const { what, unit, atLeast, aim } = row;
  const bounds = [number(atLeast), number(aim), `${seconds} s`];
  if (!measured) return [what, '–', '–', '–', '–', '–', '–', ...bounds, `✗ not measured: ${error}`];
  const score = scoreOf(measured);
  const [low, high] = spreadOf(measured);
  const limit = measured.limit === undefined ? '–' : `${number(measured.limit)} ${unit}`;
  const spread = measured.rounds ? `${number(low)}–${number(high)}` : '–';
  const { spent } = measured;
  const cpu = spent ? `${number(totalCpu(spent))} s` : '–';
  const wal = spent && spent.walBytes > 0 ? `${number(spent.walBytes)} B` : '–';
  const figures = [`${number(measured.ours)} ${unit}`, limit, number(score), spread, cpu, wal];
  return [what, ...figures, ...bounds, words[gradeOf(row, score)]];
};

/** One line per row, in columns as wide as their widest cell. */
export const table = (outcomes: readonly Outcome[]): string => {
  const head = ['what', 'ours', 'limit', 'score', 'spread', 'CPU/1,000', 'WAL/unit', 'at least', 'aim', 'took', ''];
  const lines = [head, ...outcomes.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** The settings that P1 and P3 rest on, as the servers of this run have them. */
export const printDurability = async (databaseUrl: string): Promise<void> => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'wal_level'];
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1) order by name',
    [names],
  );
  await client.end();
  console.log(`Postgres: ${rows.map(({ name, setting }) => `${name}=${setting}`).join(', ')}; Kafka: acks=all`);
};
