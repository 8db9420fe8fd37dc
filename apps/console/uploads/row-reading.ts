import type { SafePostbackRecord } from '#contracts';
import { createRowCounter, readReportRow, type ReadingPlan, type ReadReportRow } from '#domain';
import { createHash } from 'node:crypto';
import { postbackRecordOf } from '../log/postback-record.js';
import { recordOfRow, type ConversionUpload } from './conversion-row.js';
import type { ReportRow } from './report-file.js';
import type { ReadRow, RowResult } from './upload.js';

/** Turns a row of cells into the record to send, or into the reason why none is sent. */

const sha = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

type RowReading = ReadRow | { row: number; message: SafePostbackRecord };
const resultOnly = (result: RowResult): ReadRow => ({ result, record: null });

/** Reads the rows of one file. The mapping decides about equal rows without a line id: they are
 * distinguished by their number within the file, or the second one is refused. */
export const createRowReading = (plan: ReadingPlan, upload: ConversionUpload) => {
  const count = createRowCounter(sha);
  const hasLine = plan.columns.lineId !== undefined;
  const isIdentified = (report: ReadReportRow): boolean =>
    report.kind !== 'report' || report.fields.lineId !== undefined || report.fields.transactionId !== undefined;
  return (given: ReportRow): RowReading => {
    const { row } = given;
    if ('error' in given) return resultOnly({ row, outcome: 'refused', code: 'row_unreadable', detail: given.error });
    const report = readReportRow(given.cells, plan);
    if (report.kind === 'skipped') return resultOnly({ row, outcome: 'skipped', reason: report.reason });
    if (report.kind === 'held') {
      const [fault] = report.faults;
      return resultOnly({ row, outcome: 'refused', code: fault?.code, faults: report.faults });
    }
    const separate = plan.equalRows === 'separate' && !hasLine;
    const { key, count: nth } = separate || !isIdentified(report) ? count(given.cells) : { key: '', count: 1 };
    if (!separate && nth > 1) return resultOnly({ row, outcome: 'refused', code: 'row_equal' });
    const fields = separate ? { ...report.fields, lineId: `row-${key}-${nth}` } : report.fields;
    return { row, message: recordOfRow({ row, cells: given.cells, report: { ...report, fields } }, plan, upload) };
  };
};

/** What the answer says of a row that is sent; `known` is set for a dry run. */
export const resultOf = (
  message: SafePostbackRecord,
  row: number,
  known: Map<string, { id: string; state: string }> | null,
): ReadRow => {
  const values = Object.fromEntries(
    Object.entries(message.read).flatMap(([field, found]) => (found ? [[field, found.value]] : [])),
  );
  const dry = known && { read: values, conversion: known.get(message.read.transactionId?.value ?? '') ?? null };
  const problems = message.problems.length > 0 && { problems: message.problems };
  const outcome = message.refusal === null ? ('accepted' as const) : ('refused' as const);
  const refusal = message.refusal !== null && { code: message.refusal };
  // A refused row is sent too: the log shows it, and a replay can apply it when the settings
  // change.
  return {
    result: { row, outcome, ...refusal, postbackId: message.id, ...problems, ...dry },
    record: postbackRecordOf(message),
  };
};
