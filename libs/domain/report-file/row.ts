import { readAmount } from '../money/amount.js';
import type { StatusMeaning } from '../settings.js';
import { readReportTime } from './date-order.js';
import { isRoundedNumber, readIdentifier } from './identifier.js';
import type { ReadingPlan, ReportField } from './mapping.js';

/** One row of a report file → a report, or why it is none. */

type RowFault = { code: RowFaultCode; column: string; text: string };
type RowFaultCode = 'id_damaged' | 'time_unreadable' | 'amount_unreadable' | 'row_too_long' | 'row_equal';

export type ReadReportRow =
  | { kind: 'report'; fields: Partial<Record<ReportField, string>>; status: StatusMeaning | null }
  /** No conversion: a totals line, a repeated header, an empty line. */
  | { kind: 'skipped'; reason: 'totals_row' | 'header_again' | 'empty' }
  /** A conversion that this file does not describe safely; nothing is booked. */
  | { kind: 'held'; faults: RowFault[] };

const totalWord = /^(?:grand |sub)?(?:totals?|summe|gesamt|итого|всего|suma|totale|somme|sum)\b:?/i;

const cellOf = (row: readonly string[], names: readonly string[], column: string): string =>
  row[names.indexOf(column)] ?? '';

const isFigure = (cell: string): boolean => cell === '' || /^[-+()\d\s.,'%$€£]+$/.test(cell) || totalWord.test(cell);

/** A totals line names no conversion: it has figures and words such as *Total*, and nothing in the
 * cells that would identify a sale. */
export const isTotalsRow = (
  row: readonly string[],
  names: readonly string[],
  columns: ReadingPlan['columns'],
): boolean => {
  const identifying = [...(columns.clickId ?? []), ...(columns.transactionId ?? []), ...(columns.occurredAt ?? [])];
  const namesNone = identifying.every((column) => {
    const cell = cellOf(row, names, column);
    return cell === '' || totalWord.test(cell);
  });
  return identifying.length > 0 && namesNone && row.every(isFigure) && row.some((cell) => /\d/.test(cell));
};

const idFields: readonly ReportField[] = ['clickId', 'transactionId', 'reversalOf', 'lineId'];

type Reading = { fields: Partial<Record<ReportField, string>>; faults: RowFault[] };

const readId = (field: ReportField, text: string, column: string, plan: ReadingPlan, into: Reading): void => {
  const read = readIdentifier(text);
  const rounded = plan.roundedIds.includes(column) && isRoundedNumber(text);
  if ('damaged' in read || rounded) into.faults.push({ code: 'id_damaged', column, text });
  else if (read.id !== '') into.fields[field] = read.id;
};

const readMoney = (field: ReportField, text: string, column: string, plan: ReadingPlan, into: Reading): void => {
  const { value, ...rest } = readAmount(text, plan.amountFormat);
  if (value === null) {
    into.faults.push({ code: 'amount_unreadable', column, text });
    return;
  }
  into.fields[field] = value;
  const currency = 'currency' in rest ? rest.currency : null;
  if (field === 'amount' && currency && 'code' in currency) into.fields.currency ??= currency.code;
};

const readMoment = (text: string, column: string, plan: ReadingPlan, into: Reading): void => {
  const atMs = plan.dateOrder === null ? null : readReportTime(text, plan.dateOrder, plan.timeZone);
  if (atMs === null) into.faults.push({ code: 'time_unreadable', column, text });
  else into.fields.occurredAt = new Date(atMs).toISOString();
};

const readField = (field: ReportField, row: readonly string[], plan: ReadingPlan, into: Reading): void => {
  const columns = plan.columns[field] ?? [];
  const text = columns
    .map((column) => cellOf(row, plan.names, column))
    .join(' ')
    .trim();
  const [column = ''] = columns;
  if (text === '') return;
  if (idFields.includes(field)) readId(field, text, column, plan, into);
  else if (field === 'amount' || field === 'saleAmount') readMoney(field, text, column, plan, into);
  else if (field === 'occurredAt') readMoment(text, columns.join(' '), plan, into);
  else into.fields[field] = text;
};

const statusOf = (row: readonly string[], plan: ReadingPlan): StatusMeaning | null => {
  const fits = plan.statusRules.find(({ column, equals }) => {
    const cell = cellOf(row, plan.names, column);
    return equals === undefined ? cell !== '' && cell !== '0' : cell.toLowerCase() === equals.toLowerCase();
  });
  return fits?.meaning ?? null;
};

const isHeaderAgain = (row: readonly string[], plan: ReadingPlan): boolean =>
  row.filter((cell, at) => cell.toLowerCase().replace(/[\s-]+/g, '_') === plan.names[at]).length >
  plan.names.length / 2;

/** Reads one row. Missing cells at the end and surplus empty ones are accepted, as spreadsheets
 * leave them. A time that is there and cannot be read holds the row: it is never dated by the
 * upload. */
export const readReportRow = (row: readonly string[], plan: ReadingPlan): ReadReportRow => {
  if (row.every((cell) => cell === '')) return { kind: 'skipped', reason: 'empty' };
  if (isHeaderAgain(row, plan)) return { kind: 'skipped', reason: 'header_again' };
  if (isTotalsRow(row, plan.names, plan.columns)) return { kind: 'skipped', reason: 'totals_row' };
  const surplus = row.slice(plan.names.length).find((cell) => cell !== '');
  if (surplus !== undefined)
    return {
      kind: 'held',
      faults: [{ code: 'row_too_long', column: `column_${plan.names.length + 1}`, text: surplus }],
    };
  const into: Reading = { fields: {}, faults: [] };
  for (const field of Object.keys(plan.columns) as ReportField[]) readField(field, row, plan, into);
  return into.faults.length > 0
    ? { kind: 'held', faults: into.faults }
    : { kind: 'report', fields: into.fields, status: statusOf(row, plan) };
};

/** Distinguishes equal rows that have no id of their own: by the row's text and how often it came
 * before. */
export const createRowCounter = (hash: (text: string) => string) => {
  const seen = new Map<string, number>();
  return (row: readonly string[]): { key: string; count: number } => {
    const key = hash(row.join('\u001f'));
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { key, count };
  };
};
