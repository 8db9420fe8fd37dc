import type { Campaign } from '#contracts';
import { formatNanos, parseNanos } from '#domain';
import { findCatalogEntry, restateCosts, type CostChange, type StatedCost } from '#postgres';
import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { readCsvBatches, type CsvRow } from '../uploads/csv-upload.js';
import { flag } from '../http/flag.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Problem } from '../http/problem.js';
import { csvTypes, streamOf, uploadIdOf } from '../uploads/uploads.controller.js';

/** Costs as billed: sources bill later, and less or more, than the click's own token said. A
 *  file states the total of a day and campaign (or of one value of its tokens). Changes are
 *  stored as entries, so that profit can be read as of a moment. */

const maxRows = 5_000;
const maxBytes = 8 * 1024 * 1024;
const costQuery = z.strictObject({ dryRun: flag(false), uploadId: z.uuid({ version: 'v7' }).optional() });
const rowProblem = z.object({ row: z.int(), code: z.string(), detail: z.string() });
const costChange = z.object({
  day: z.string(),
  campaignKey: z.string(),
  tokens: z.record(z.string(), z.string()),
  currency: z.string(),
  stated: z.string(),
  stood: z.string(),
  change: z.string(),
});
const costAnswer = z.object({
  uploadId: z.uuid(),
  dryRun: z.boolean(),
  rows: z.int(),
  problems: z.array(rowProblem),
  changes: z.array(costChange),
});
type RowProblem = z.infer<typeof rowProblem>;

const showChange = ({ day, campaignKey, tokens, currency, amountNanos, stoodNanos, changeNanos }: CostChange) => ({
  day,
  campaignKey,
  tokens,
  currency,
  stated: formatNanos(amountNanos),
  stood: formatNanos(stoodNanos),
  change: formatNanos(changeNanos),
});

const tokensOf = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith('token.') && value !== '' ? [[name.slice('token.'.length), value]] : [],
    ),
  );

/** The statement of a row without its source, or the reason why it is not one. Amounts are plain
 *  decimals: an ambiguous amount would be a guess (P5). */
const readRow = (line: CsvRow): Omit<StatedCost, 'sourceKey'> | RowProblem => {
  const { row } = line;
  if (!('values' in line)) return { row, code: 'row_unreadable', detail: line.error };
  const { day = '', campaign = '', amount = '', currency = '' } = line.values;
  if (!z.iso.date().safeParse(day).success)
    return { row, code: 'day_invalid', detail: `"${day}" is not a day such as 2026-01-31` };
  const amountNanos = parseNanos(amount);
  if (amountNanos === null || amountNanos < 0n)
    return { row, code: 'amount_invalid', detail: `"${amount}" is not a decimal such as 12.50` };
  if (!/^[A-Z]{3}$/.test(currency))
    return { row, code: 'currency_invalid', detail: `"${currency}" is not a currency such as USD` };
  return { day, campaignKey: campaign, tokens: tokensOf(line.values), amountNanos, currency };
};

type Finding = Omit<RowProblem, 'row'>;

/** Finds a second row for the same cost in one file. It is rejected: either row could be the one
 *  that is meant. */
const repeated = (
  { day, campaignKey, tokens }: Omit<StatedCost, 'sourceKey'>,
  row: number,
  rows: Map<string, number>,
): Finding | null => {
  const sorted = Object.entries(tokens).sort(([a], [b]) => (a < b ? -1 : 1));
  const name = JSON.stringify([day, campaignKey, sorted]);
  const first = rows.get(name);
  if (first === undefined) rows.set(name, row);
  return first === undefined
    ? null
    : { code: 'row_repeated', detail: `row ${first} states the same day and campaign already` };
};

/** Rejects a token by which the campaign's figures are not kept: its earlier cost is not known,
 *  so the whole amount would be added. */
const problemOf = (
  { campaignKey, tokens }: Pick<StatedCost, 'campaignKey' | 'tokens'>,
  campaign: Pick<Campaign, 'reportTokens'> | null | undefined,
): Finding | null => {
  if (!campaign) return { code: 'campaign_unknown', detail: `there is no campaign "${campaignKey}"` };
  const foreign = Object.keys(tokens).find((name) => !campaign.reportTokens.includes(name));
  return foreign === undefined
    ? null
    : { code: 'token_not_reported', detail: `"${foreign}" is not among the reportTokens of "${campaignKey}"` };
};

@Controller('api/v1/costs')
export class CostsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'now'>) {}

  @Post('upload')
  @Operation({
    summary:
      'Restates costs from a CSV: day, campaign, amount, currency, and if one value is meant token.<name>. ' +
      'Nothing is written while a row cannot be read; with dryRun it only shows what would change.',
    role: 'editor',
    query: costQuery,
    streams: csvTypes,
    answer: costAnswer,
    errors: ['too_many_rows', 'columns_invalid', 'csv_unreadable', 'upload_id_old'],
  })
  async upload(@Input() given: Given<unknown, z.infer<typeof costQuery>>): Promise<z.infer<typeof costAnswer>> {
    const { dryRun, uploadId: givenId } = given.query;
    const body = streamOf(given);
    const now = this.ports.now();
    const uploadId = uploadIdOf(givenId, now);
    const lines: CsvRow[] = [];
    for await (const batch of readCsvBatches(body, 500, maxBytes)) {
      lines.push(...batch);
      if (lines.length > maxRows)
        throw new Problem(413, 'too_many_rows', `a file of costs has at most ${maxRows} rows: split it`);
    }
    const { stated, problems } = await this.resolve(lines);
    const nowMs = now.getTime();
    // All or nothing: half a bill is a wrong bill.
    const onlyShows = dryRun || problems.length > 0;
    const changes = await audited(this.ports.dataSource, given.actor, async ({ db, audit }) => {
      const made = await restateCosts(db, stated, { uploadId, nowMs, dryRun: onlyShows });
      const after = { uploadId, rows: lines.length, changes: made.length };
      if (!onlyShows) await audit({ action: 'restated', kind: 'costs', key: '', after });
      return made;
    });
    return { uploadId, dryRun: onlyShows, rows: lines.length, problems, changes: changes.map(showChange) };
  }

  /** Finds each campaign's source; a campaign that is not there is a problem of its row. */
  private async resolve(lines: readonly CsvRow[]): Promise<{ stated: StatedCost[]; problems: RowProblem[] }> {
    const campaigns = new Map<string, Pick<Campaign, 'sourceKey' | 'reportTokens'> | null>();
    const stated: StatedCost[] = [];
    const problems: RowProblem[] = [];
    const rows = new Map<string, number>();
    for (const line of lines) {
      const read = readRow(line);
      if ('code' in read) {
        problems.push(read);
        continue;
      }
      const { campaignKey } = read;
      if (!campaigns.has(campaignKey)) {
        const entry = await findCatalogEntry(this.ports.dataSource, 'campaign', campaignKey);
        campaigns.set(campaignKey, entry && (entry.body as Campaign));
      }
      const campaign = campaigns.get(campaignKey);
      const problem = problemOf(read, campaign);
      const repeats = repeated(read, line.row, rows);
      if (problem ?? repeats) problems.push({ row: line.row, ...(problem ?? (repeats as Finding)) });
      else if (campaign) stated.push({ ...read, sourceKey: campaign.sourceKey });
    }
    return { stated, problems };
  }
}
