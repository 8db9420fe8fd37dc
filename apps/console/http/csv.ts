import { Readable } from 'node:stream';
import { z } from 'zod';

/** Lists as CSV: one row per item, one column per field, nested fields by their path
 *  (`money.approved`). RFC 4180 with a header. */

type Column = { name: string; path: readonly string[] };

const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrapped(schema.unwrap())
    : schema;

/** Columns of an item, in the order of its schema. What is no object, such as a list, is one
 *  column. */
export const columnsOf = (schema: z.core.$ZodType, path: readonly string[] = []): Column[] => {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) =>
      columnsOf(field, [...path, name]),
    );
  return [{ name: path.join('.'), path }];
};

/** The schema of a list's items; null: the answer is not a list. */
export const itemSchemaOf = (answer: z.ZodType | undefined): z.core.$ZodType | null => {
  const { items, next } = answer instanceof z.ZodObject ? (answer.shape as Record<string, z.core.$ZodType>) : {};
  return next !== undefined && items instanceof z.ZodArray ? items.element : null;
};

const valueAt = (item: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    item,
  );

const isNumber = /^[+-]?\d+(?:\.\d+)?$/;

/** A spreadsheet runs a cell that begins like a formula, and the text may come from a stranger's
 *  URL. An apostrophe in front makes it text; numbers stay as they are. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !isNumber.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return quoted(harmless(JSON.stringify(value)));
  return quoted(harmless(String(value)));
};

export const csvLine = (columns: readonly Column[], item: unknown): string =>
  `${columns.map(({ path }) => cellOf(valueAt(item, path))).join(',')}\r\n`;

export const csvHeader = (columns: readonly Column[]): string =>
  `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`;

export type ListPage = { items: readonly unknown[]; next: string | null };

/** The whole list as a stream, page after page: memory holds one page, and a slow reader slows it
 *  down. An error after the first page breaks the connection off, so that a cut file is seen as
 *  one.
 *  @param first the first page, read before the answer begins
 *  @param nextPage reads the page that a cursor names */
export const csvStream = (
  columns: readonly Column[],
  first: ListPage,
  nextPage: (cursor: string) => Promise<ListPage>,
): Readable =>
  Readable.from(
    (async function* () {
      yield csvHeader(columns);
      for (let page: ListPage = first; ;) {
        if (page.items.length > 0) yield page.items.map((item) => csvLine(columns, item)).join('');
        if (page.next === null) return;
        page = await nextPage(page.next);
      }
    })(),
  );
