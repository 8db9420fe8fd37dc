import { fieldNames, statusMeanings, type StatusMeaning } from '../settings.js';
import type { Dialect } from './dialect.js';

/** A row of a report file, once its columns are understood, is kept as a call whose parameters are
 * ours (`carom.amount`), beside the columns as they were. So it is read again like any other call.
 */

const prefix = 'carom.';

/** The header that marks a kept call as such a row. */
export const reportRowHeader = 'carom-report-row';

/** Whether a kept call is a row that the console has written. A caller who sends the header has an
 * address, and may not choose how the call is read. */
export const isReportRow = (raw: { headers: Record<string, string>; remoteAddress: string | null }): boolean =>
  raw.remoteAddress === null && reportRowHeader in raw.headers;

/** Our parameter for a field of a row. */
export const reportParameter = (field: string): string => `${prefix}${field}`;
export const isReportParameter = (name: string): boolean => name.startsWith(prefix);

/** Our status word for a meaning that a column's presence decided, whatever the network's words
 * are. */
export const reportStatus = (meaning: StatusMeaning): string => `${prefix}${meaning}`;

const ownWords = Object.fromEntries(statusMeanings.map((meaning) => [reportStatus(meaning), meaning]));
const ownNames: Dialect['params'] = Object.fromEntries(fieldNames.map((field) => [field, [reportParameter(field)]]));

const derived = new WeakMap<Dialect, Dialect>();

/** The dialect of a row: our names and formats, the network's words. Kept per settings object,
 * because the index of names is compiled per object of names. */
export const reportDialect = (network: Dialect): Dialect => {
  let dialect = derived.get(network);
  if (!dialect) {
    const statusMap = { ...network.statusMap, ...ownWords };
    dialect = { ...network, params: ownNames, statusMap, amountFormat: 'dot', timeZone: 'UTC' };
    derived.set(network, dialect);
  }
  return dialect;
};
