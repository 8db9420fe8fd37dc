import type pg from 'pg';

/** What Postgres did for a statement, by its own account: `explain (analyze, buffers)` of the text
 * and the values that the service sent. */

export type Statement = { text: string; values: unknown[] };

type Node = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Actual Total Time': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Node[];
};
type Plan = { root: Node; ms: number };

/** A pool that notes what is asked through it. */
export const noting = (pool: pg.Pool, statements: Statement[]): pg.Pool => {
  const query = (asked: string | Partial<Statement>, values?: unknown[]) => {
    const statement = typeof asked === 'string' ? { text: asked, values } : asked;
    statements.push({ text: statement.text ?? '', values: [...(statement.values ?? [])] });
    return pool.query(asked as string, values);
  };
  return Object.assign(Object.create(pool) as pg.Pool, { query });
};

export const isPlan = ({ text }: Statement): boolean => /^\s*explain /i.test(text);

export const explain = async (pool: pg.Pool, { text, values }: Statement): Promise<Plan> => {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Node; 'Execution Time': number }] }>(
    `explain (analyze, buffers, format json) ${text}`,
    values,
  );
  const [answer] = (rows[0] as { 'QUERY PLAN': [{ Plan: Node; 'Execution Time': number }] })['QUERY PLAN'];
  return { root: answer.Plan, ms: answer['Execution Time'] };
};

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const isScan = (node: Node): boolean => node['Relation Name'] !== undefined;
const rowsOf = (node: Node): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops'];

/** Rows of tables that were looked at, kept or not. */
export const rowsRead = ({ root }: Plan): number =>
  Math.round(
    nodesOf(root)
      .filter(isScan)
      .reduce((sum, node) => sum + rowsOf(node), 0),
  );

/** Pages of 8 kB that were read, from memory or not. */
export const pagesRead = ({ root }: Plan): number =>
  (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);

/** Days of one table are printed as one. */
const tableOf = (node: Node): string => (node['Relation Name'] ?? '').replace(/_(\d{8}|default)$/, '');
const indexOf = (node: Node): string => (node['Index Name'] ?? '').replace(/_(\d{8}|default)_/, '_');

const lineOf = (nodes: readonly Node[]): string => {
  const [first] = nodes as [Node];
  const sum = (read: (node: Node) => number | undefined) => nodes.reduce((all, node) => all + (read(node) ?? 0), 0);
  const removed = sum((node) => (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops']);
  const parts = [
    first['Node Type'],
    ...(isScan(first) ? [`on ${tableOf(first)}`] : []),
    ...(first['Index Name'] === undefined ? [] : [`by ${indexOf(first)}`]),
    ...(nodes.length > 1 ? [`(${nodes.length} partitions)`] : []),
  ];
  const counts = [
    `${Math.round(sum((node) => node['Actual Rows'] * node['Actual Loops']))} rows`,
    ...(removed > 0 ? [`${Math.round(removed)} removed`] : []),
    `${sum((node) => node['Shared Hit Blocks'])} hit`,
    `${sum((node) => node['Shared Read Blocks'])} read`,
    `${Math.round(sum((node) => node['Actual Total Time'] * node['Actual Loops']) * 10) / 10} ms`,
  ];
  return `${parts.join(' ')}: ${counts.join(', ')}`;
};

/** A line for each node that ran, indented by its depth; equal scans of partitions share a line. */
export const planLines = ({ root }: Plan): string[] => {
  const lines: string[] = [];
  const write = (nodes: readonly Node[], depth: number): void => {
    lines.push(`${'  '.repeat(depth)}${lineOf(nodes)}`);
    const inner = nodes.flatMap((node) => node.Plans ?? []).filter((node) => node['Actual Loops'] > 0);
    const groups = Map.groupBy(inner, (node) => `${node['Node Type']} ${tableOf(node)} ${indexOf(node)}`);
    for (const own of groups.values())
      if (own.every(isScan)) write(own, depth + 1);
      else for (const node of own) write([node], depth + 1);
  };
  write([root], 0);
  return lines;
};
