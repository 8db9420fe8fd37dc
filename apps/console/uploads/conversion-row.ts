import { maxTargetLength, type SafePostbackRecord } from '#contracts';
import {
  foremostRefusal,
  isDecidedAtEdge,
  isReportParameter,
  readPostback,
  reportDialect,
  reportParameter,
  reportRowHeader,
  reportStatus,
  safeText,
  type Dialect,
  type OwnClickId,
  type ReadingPlan,
  type ReadReportRow,
} from '#domain';
import { rowId, timeOfId } from './upload.js';

/** A row of a report file as the postback it becomes: what was understood as parameters of ours,
 * the columns as they were beside them, so that the log shows the row and a replay reads it again.
 */

export type ConversionUpload = {
  id: string;
  networkKey: string | null;
  dialect: Dialect;
  /** Whether destinations receive what the rows change. */
  dispatch: boolean;
  recognise: (text: string) => OwnClickId | null;
};

type Report = Extract<ReadReportRow, { kind: 'report' }>;

/** Our parameters first, because the target has a limit. */
const queryOf = (cells: readonly string[], names: readonly string[], { fields, status }: Report): string => {
  const ours = Object.entries({ ...fields, ...(status !== null && { status: reportStatus(status) }) });
  const theirs = cells.flatMap((cell, at): [string, string][] => [[names[at] ?? `column_${at + 1}`, cell]]);
  return new URLSearchParams([
    ...ours.map(([field, value]): [string, string] => [reportParameter(field), value]),
    ...theirs.filter(([name, value]) => value !== '' && !isReportParameter(name)),
  ]).toString();
};

/** The record of a row. Its id is derived from the upload and the row's number, so a file that is
 * sent again under the same `uploadId` counts once (P3). */
export const recordOfRow = (
  { row, cells, report }: { row: number; cells: readonly string[]; report: Report },
  plan: ReadingPlan,
  upload: ConversionUpload,
): SafePostbackRecord => {
  const id = rowId(upload.id, row);
  const target = safeText(`/postback?${queryOf(cells, plan.names, report)}`, maxTargetLength);
  const query = target.slice(target.indexOf('?') + 1);
  const call = { method: 'GET', query, body: null, contentType: null };
  const result = readPostback(call, reportDialect(upload.dialect), upload.recognise);
  const known = upload.networkKey !== null || (result.refusal !== null && isDecidedAtEdge(result.refusal));
  return {
    id: safeText(id, 36),
    receivedAtMs: timeOfId(id),
    channel: 'upload',
    networkKey: upload.networkKey === null ? null : safeText(upload.networkKey, 63),
    authenticatedBy: 'operator',
    proof: 'operator',
    raw: {
      method: safeText('GET', 3),
      target,
      headers: { 'carom-upload': safeText(`${upload.id}/${row}`, 60), [reportRowHeader]: safeText('1', 1) },
      body: null,
      bodyEncoding: 'utf8',
      remoteAddress: null,
    },
    read: result.read,
    problems: result.problems,
    refusal: known && result.refusal ? foremostRefusal([result.refusal]) : null,
    suppressDelivery: result.suppressDelivery || !upload.dispatch,
    test: result.test,
  };
};
