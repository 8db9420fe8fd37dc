import { formatNanos, parseNanos, readRatesCsv, type Rate } from '#domain';
import { listRatePage, putRates, type ListedRate } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { audited, type AuditLine } from '../access/audit.js';
import { choiceOf, texts } from '../http/choice.js';
import { flag } from '../http/flag.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { csvTypes, streamOf } from '../uploads/uploads.controller.js';

/** Exchange rates against the euro: typed in, or taken from the file that the European Central
 *  Bank publishes each working day (https://www.ecb.europa.eu/stats/eurofxref/). Foreign money
 *  keeps its own amounts; only what is shown or sent is converted. */

const day = z.iso.date();
const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code in upper case');
const perEuro = z
  .string()
  .refine((text) => (parseNanos(text) ?? 0n) > 0n, 'a decimal string above zero with at most nine decimals');
const ratesQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  currency: choiceOf(currency),
  origin: texts(200),
  limit: z.coerce.number().int().min(1).max(10_000).default(500),
  cursor: pageQuery.cursor,
});
const ratesBody = z.strictObject({ rates: z.array(z.strictObject({ day, currency, perEuro })).min(1).max(10_000) });
const rateAnswer = z
  .object({ day, currency, perEuro: z.string(), origin: z.string(), recordedAt: z.iso.datetime() })
  .meta({ id: 'Rate' });
const uploadAnswer = z.object({
  dryRun: z.boolean(),
  rates: z.int(),
  from: day.nullable(),
  to: day.nullable(),
  problems: z.array(z.object({ line: z.int(), code: z.string(), text: z.string() })),
});

/** The whole history since 1999 has 0.7 MB. */
const maxBytes = 8 * 1024 * 1024;
const readText = async (body: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Problem(413, 'too_large', `a file of rates has at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const show = ({ day, currency, perEuroNanos, origin, recordedAt }: ListedRate) => ({
  day,
  currency,
  perEuro: formatNanos(BigInt(perEuroNanos)),
  origin,
  recordedAt,
});

@Controller('api/v1/rates')
export class RatesController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'pool'>) {}

  @Get()
  @Operation({
    summary: 'Lists exchange rates against the euro, newest first.',
    role: 'viewer',
    query: ratesQuery,
    answer: listOf(rateAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof ratesQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, day, z.string().max(3)));
    const { rows, stoppedAt } = await listRatePage(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, (row) => [row.day, row.currency], show, stoppedAt);
  }

  @Post()
  @Operation({
    summary: 'Types in exchange rates; one of the same day and currency is replaced.',
    role: 'editor',
    body: ratesBody,
    status: 204,
  })
  async put(@Input() given: Given<unknown, unknown, z.infer<typeof ratesBody>>): Promise<void> {
    const { rates } = given.body;
    const read = rates.map((rate) => ({ ...rate, perEuroNanos: parseNanos(rate.perEuro) ?? 0n }));
    await this.store(given, { rates: read, origin: given.actor.name }, { action: 'typed_in', after: { rates } });
  }

  @Post('upload')
  @Operation({
    summary:
      'Takes the file of the European Central Bank, of a day or the whole history. Lines that cannot be read are named.',
    role: 'editor',
    query: z.strictObject({ dryRun: flag(false) }),
    streams: csvTypes,
    answer: uploadAnswer,
    errors: ['rates_unreadable'],
  })
  async upload(@Input() given: Given<unknown, { dryRun: boolean }>): Promise<z.infer<typeof uploadAnswer>> {
    const { dryRun } = given.query;
    const { rates, problems } = readRatesCsv(await readText(streamOf(given)));
    if (rates.length === 0)
      throw new Problem(422, 'rates_unreadable', 'this is not a file of rates as the European Central Bank writes it');
    const days = rates.map((rate) => rate.day).sort();
    const answer = {
      dryRun,
      rates: rates.length,
      from: days[0] ?? null,
      to: days.at(-1) ?? null,
      problems: problems.slice(0, 100),
    };
    if (!dryRun) await this.store(given, { rates, origin: 'ecb' }, { action: 'uploaded', after: answer });
    return answer;
  }

  private store(
    given: Given,
    { rates, origin }: { rates: readonly Rate[]; origin: string },
    line: Pick<AuditLine, 'action' | 'after'>,
  ): Promise<void> {
    return audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      await putRates(manager, rates, origin);
      await audit({ ...line, kind: 'rates', key: '' });
    });
  }
}
