import type { AmountFormat, FieldName, StatusMeaning } from '../settings.js';
import type { Charset } from './charset.js';
import type { DateOrder } from './date-order.js';
import type { Delimiter } from './delimiter.js';

/** A field of a report; a line is a part of a conversion with an id of its own. */
export type ReportField = FieldName | 'lineId';

/** How one network's report file is read. Stored with the network; what is left out is found in the
 * file. */

/** A status that the presence or the value of a cell decides: ShareASale fills a column `voided`.
 */
type StatusRule = { column: string; equals?: string | undefined; meaning: StatusMeaning };

export type ReportMapping = {
  charset?: Charset | undefined;
  delimiter?: Delimiter | undefined;
  /** Row number of the header, from 1. */
  headerRow?: number | undefined;
  /** The column of each field, by its name in the header. Several are joined by a space (date and
   * time). */
  columns?: Partial<Record<ReportField, readonly string[]>> | undefined;
  amountFormat?: Exclude<AmountFormat, 'auto'> | undefined;
  dateOrder?: DateOrder | undefined;
  timeZone?: string | undefined;
  /** The first rule that fits decides; where none does, the status column or the network's default.
   */
  statusRules?: readonly StatusRule[] | undefined;
  /** What equal rows without an id of their own are: `separate` sales, or one row that is refused
   * as undecided.
   * undecided. */
  equalRows?: 'separate' | 'refuse' | undefined;
};

/** Everything decided: how each row of this file is read. */
export type ReadingPlan = {
  charset: Charset;
  delimiter: Delimiter;
  headerRow: number;
  /** Where the header row begins, in bytes of the text as UTF-8. */
  headerStartByte: number;
  names: readonly string[];
  columns: Partial<Record<ReportField, readonly string[]>>;
  amountFormat: AmountFormat;
  dateOrder: DateOrder | null;
  timeZone: string;
  statusRules: readonly StatusRule[];
  equalRows: 'separate' | 'refuse';
  /** Columns of ids whose numbers a spreadsheet has rounded. */
  roundedIds: readonly string[];
};
