import { charsets, dateOrders, delimiters, fieldNames } from '#domain';
import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { openReportFile } from './report-file.js';
import { csvTypes, mappingText, reportNetworkOf, streamOf } from './uploads.controller.js';

/** What a network's report file is: shown before anything is read from it, so that a person can
 * correct the mapping first. */

const query = z.strictObject({
  networkKey: z.string().max(63).optional(),
  /** Tried instead of the network's `reportFile`. */
  mapping: mappingText.optional(),
});
type Query = z.infer<typeof query>;

const analysisAnswer = z.object({
  charset: z.enum(charsets),
  delimiter: z.enum(delimiters),
  /** Number of the row that names the columns, from 1. */
  headerRow: z.int().nullable(),
  columns: z.array(
    z.object({
      /** The name by which a mapping refers to the column. */
      name: z.string(),
      /** The name as the file writes it. */
      title: z.string(),
      field: z.enum([...fieldNames, 'lineId']).nullable(),
      samples: z.array(z.string()),
    }),
  ),
  formats: z.object({
    amount: z.enum(['dot', 'comma', 'any', 'unknown', 'contradictory']),
    date: z.enum(dateOrders).nullable(),
  }),
  /** Rows of data in the first part of the file. */
  rows: z.int(),
  problems: z.array(z.object({ code: z.string(), column: z.string().nullable(), message: z.string() })),
  /** Whether the file can be uploaded as it is. */
  readable: z.boolean(),
});

@Controller('api/v1/report-files')
export class ReportFileController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'now'>) {}

  @Post('analyse')
  @Operation({
    summary:
      "Says what a network's report file is: charset, delimiter, header, columns with the field each is read as, " +
      'formats of amounts and dates, and what has to be stated before it can be uploaded. Nothing is written.',
    role: 'editor',
    query,
    streams: csvTypes,
    answer: analysisAnswer,
    errors: ['not_found', 'charset_unknown', 'csv_unreadable'],
  })
  async analyseReportFile(@Input() given: Given<unknown, Query>): Promise<z.infer<typeof analysisAnswer>> {
    const body = streamOf(given);
    const network = await reportNetworkOf(this.ports, given.query.networkKey ?? null);
    const { analysis } = await openReportFile(body, {
      contentType: given.request.headers['content-type'],
      mapping: given.query.mapping ?? network.mapping,
      network: network.dialect,
      nowMs: this.ports.now().getTime(),
    });
    body.resume();
    const { plan, ...found } = analysis;
    return { ...found, readable: plan !== null };
  }
}
