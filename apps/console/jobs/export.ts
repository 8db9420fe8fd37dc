import { hasJobOutput, jobOutputBytes, putJobOutputPiece } from '#postgres';
import { z } from 'zod';
import { maskVisitors } from '../access/visitor-mask.js';
import { clickAnswer, ClicksController, clickQuery } from '../clicks/clicks.controller.js';
import { conversionAnswer } from '../conversions/conversion-answer.js';
import { ConversionsController, conversionQuery } from '../conversions/conversions.controller.js';
import { DeliveriesController, deliveryQuery } from '../deliveries/deliveries.controller.js';
import { deliverySummaryAnswer } from '../deliveries/delivery-answer.js';
import { columnsOf, csvHeader, csvLine, type ListPage } from '../http/csv.js';
import { Problem } from '../http/problem.js';
import { LogController, postbackQuery } from '../log/log.controller.js';
import { postbackSummaryAnswer } from '../log/postback-answer.js';
import type { ConsolePorts } from '../ports.js';
import type { JobKind } from './job.js';

/** A whole list as a CSV file that is made by a job and fetched when it is done. It has the
 *  filters, the columns and the rows of the list itself. */

type ExportedList = {
  query: z.ZodType;
  item: z.ZodType;
  read: (ports: ConsolePorts, query: object) => Promise<ListPage>;
};

const list = <Query extends z.ZodType>(
  query: Query,
  item: z.ZodType,
  open: (ports: ConsolePorts) => { list: (given: { query: z.infer<Query> }) => Promise<ListPage> },
): ExportedList => ({
  query,
  item,
  read: (ports, asked) => open(ports).list({ query: query.parse(asked) }),
});

export const exportedLists = {
  postbacks: list(postbackQuery, postbackSummaryAnswer, (ports) => new LogController(ports)),
  conversions: list(conversionQuery, conversionAnswer, (ports) => new ConversionsController(ports)),
  deliveries: list(deliveryQuery, deliverySummaryAnswer, (ports) => new DeliveriesController(ports)),
  clicks: list(clickQuery, clickAnswer, (ports) => new ClicksController(ports)),
} as const;
const listNames = Object.keys(exportedLists) as [keyof typeof exportedLists, ...(keyof typeof exportedLists)[]];

export const exportBody = z.strictObject({
  list: z.enum(listNames),
  query: z.record(z.string().max(40), z.string().max(10_000)).default({}),
});
const exportParams = exportBody.extend({ seesVisitors: z.boolean() });

const pageRows = '500';
const pieceBytes = 1024 * 1024;
/** Of one file, and of all that are kept. */
const maxFileBytes = 512 * 1024 * 1024;
const maxKeptBytes = 4 * 1024 * 1024 * 1024;

/** Where the file is: the pieces that are stored, and the page that comes next. */
type Checkpoint = { piece: number; bytes: number; rows: number; cursor: string | null };

/** @throws Problem `too_large` for a list that makes too large a file, `exports_full` */
export const exportJob: JobKind = async (ports, { id, params, checkpoint, save }) => {
  const { list: name, query, seesVisitors } = exportParams.parse(params);
  const { item, read } = exportedLists[name];
  const columns = columnsOf(item);
  let { piece, bytes, rows, cursor } = (checkpoint as Checkpoint | null) ?? emptyFile;
  let held = piece === 0 ? csvHeader(columns) : '';
  if ((await jobOutputBytes(ports.pool)) > maxKeptBytes)
    throw new Problem(503, 'exports_full', 'the files of other exports take all the room: try again tomorrow');
  const store = async (): Promise<void> => {
    const content = Buffer.from(held);
    await putJobOutputPiece(ports.pool, id, piece, content);
    [held, piece, bytes] = ['', piece + 1, bytes + content.length];
    if (bytes > maxFileBytes)
      throw new Problem(413, 'too_large', `an export has at most ${maxFileBytes} bytes: shorten the time`);
  };
  for (;;) {
    const page = await read(ports, { ...query, limit: pageRows, ...(cursor !== null && { cursor }) });
    const shown = seesVisitors ? page.items : (maskVisitors(page.items) as unknown[]);
    held += shown.map((each) => csvLine(columns, each)).join('');
    rows += page.items.length;
    cursor = page.next;
    if (held.length >= pieceBytes || cursor === null) {
      await store();
      await save({ done: rows, total: null, checkpoint: { piece, bytes, rows, cursor } satisfies Checkpoint });
    }
    if (cursor === null) return { list: name, rows, bytes, file: `/api/v1/jobs/${id}/file` };
  }
};
const emptyFile: Checkpoint = { piece: 0, bytes: 0, rows: 0, cursor: null };

/** @throws Problem 410 when the file was deleted already, or was never made */
export const checkFile = async ({ pool }: Pick<ConsolePorts, 'pool'>, jobId: string): Promise<void> => {
  if (!(await hasJobOutput(pool, jobId)))
    throw new Problem(410, 'file_ended', 'this job has no file, or it was deleted: files are kept for a day');
};
