import { charsets, dateOrders, delimiters, statusMeanings } from '#domain';
import { z } from 'zod';
import { timeZone } from './time-zone.js';

/** How a network's own report file is read, as settings: `libs/domain/report-file` has the meaning
 * of each field. What is left out is found in the file. */

const column = z.string().min(1).max(200);
const columns = z.array(column).min(1).max(4);

export const reportMapping = z.strictObject({
  charset: z.enum(charsets).optional(),
  delimiter: z.enum(delimiters).optional(),
  headerRow: z.int().min(1).max(100).optional(),
  columns: z
    .strictObject({
      clickId: columns,
      transactionId: columns,
      lineId: columns,
      amount: columns,
      currency: columns,
      status: columns,
      event: columns,
      occurredAt: columns,
      reversalOf: columns,
      saleAmount: columns,
    })
    .partial()
    .optional(),
  amountFormat: z.enum(['dot', 'comma', 'minor']).optional(),
  dateOrder: z.enum(dateOrders).optional(),
  timeZone: timeZone.optional(),
  statusRules: z
    .array(z.strictObject({ column, equals: z.string().max(200).optional(), meaning: z.enum(statusMeanings) }))
    .max(20)
    .optional(),
  equalRows: z.enum(['separate', 'refuse']).optional(),
});
