import { readClickId } from '#domain';
import {
  clickList,
  estimateList,
  importedClickAt,
  listClicks,
  listConversions,
  listPostbacks,
  only,
  type ClickFilter,
  type ClickSummary,
} from '#postgres';
import { formatNanos } from '#domain';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { conversionAnswer, showConversion } from '../conversions/conversion-answer.js';
import { choiceOf, keys, texts, tokens, yesOrNo } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { decodeCursor, pageOf, placeOf, sizedListOf, sizedPageQuery, timeRange } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { postbackSummaryAnswer, showPostbackSummary } from '../log/postback-answer.js';
import { consolePorts, type ConsolePorts } from '../ports.js';

/** Clicks: how a visitor came, with which tokens and at what cost, and what became of the visit. */

export const clickQuery = z.strictObject({
  ...sizedPageQuery,
  clickId: texts(200),
  externalId: texts(2000),
  campaignKey: keys,
  sourceKey: keys,
  offerKey: keys,
  networkKey: keys,
  channel: choiceOf(z.enum(['redirect', 'direct', 'import'])),
  flag: choiceOf(z.string().max(40)),
  unique: yesOrNo,
  token: tokens,
  ...timeRange,
});
const byId = z.object({ id: z.string().min(1).max(200) });
const textAndId = [z.iso.datetime(), z.string().max(200)] as const;

const nullable = z.string().nullable();
export const clickAnswer = z
  .object({
    clickId: z.string(),
    clickedAt: z.iso.datetime(),
    campaignKey: z.string(),
    sourceKey: z.string(),
    offerKey: z.string(),
    networkKey: z.string(),
    externalId: nullable,
    externalIdRaw: nullable,
    tokens: z.record(z.string(), z.string()),
    cost: z.object({ model: z.string(), amount: nullable, currency: nullable }).nullable(),
    channel: z.string(),
    unique: z.boolean(),
    flags: z.array(z.string()),
    recordedAt: z.iso.datetime(),
    visitor: z.object({ ip: nullable, userAgent: nullable, referer: nullable, language: nullable }),
  })
  .meta({ id: 'Click' });
const relatedLimit = 200;
const clickHistoryAnswer = clickAnswer
  .extend({
    conversions: z.array(conversionAnswer),
    postbacks: z.array(postbackSummaryAnswer),
    /** There are more of them than these; the lists have all of them by `clickId`. */
    truncated: z.boolean(),
  })
  .meta({ id: 'ClickHistory' });

const showClick = ({
  costModel,
  costNanos,
  costCurrency,
  isUnique,
  visitor,
  ...row
}: ClickSummary & { at: string }) => {
  const { at: _at, ...click } = row;
  const cost =
    costModel === null
      ? null
      : { model: costModel, amount: costNanos === null ? null : formatNanos(costNanos), currency: costCurrency };
  const { ip = null, userAgent = null, referer = null, language = null } = visitor;
  return { ...click, unique: isUnique, cost, visitor: { ip, userAgent, referer, language } };
};

@Controller('api/v1/clicks')
export class ClicksController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'secrets'>) {}

  @Get()
  @Operation({
    summary: 'Lists clicks, newest first.',
    role: 'viewer',
    query: clickQuery,
    answer: sizedListOf(clickAnswer),
  })
  async list(@Input() { query }: Pick<Given<unknown, z.infer<typeof clickQuery>>, 'query'>) {
    const { limit, cursor, estimate, token, ...rest } = query;
    const filter = { ...rest, clickedAt: await this.timesOf(rest), tokens: token };
    const before = placeOf(decodeCursor(cursor, ...textAndId));
    const { rows, stoppedAt } = await listClicks(this.ports.pool, filter, { before, limit: limit + 1 });
    return {
      ...pageOf(rows, limit, ({ at, clickId }) => [at, clickId], showClick, stoppedAt),
      estimate: estimate === 'true' ? await estimateList(this.ports.pool, clickList(filter)) : null,
    };
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one click with its tokens, cost, visitor and offer, and the calls and conversions that name it.',
    role: 'viewer',
    params: byId,
    answer: clickHistoryAnswer,
  })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const { pool } = this.ports;
    const own = readClickId(id, this.ports.secrets);
    const clickId = own?.id ?? id;
    const page = { before: null, limit: relatedLimit + 1 };
    const filter = { clickId: only(clickId) };
    const [clicks, conversions, postbacks] = await Promise.all([
      listClicks(pool, { ...filter, clickedAt: await this.timesOf(filter) }, { before: null, limit: 1 }),
      listConversions(pool, filter, page),
      listPostbacks(pool, filter, page),
    ]);
    const [row] = clicks.rows;
    if (!row) throw notFound('click', id);
    return {
      ...showClick(row),
      conversions: conversions.rows.slice(0, relatedLimit).map(showConversion),
      postbacks: postbacks.rows.slice(0, relatedLimit).map(showPostbackSummary),
      truncated: Math.max(conversions.rows.length, postbacks.rows.length) > relatedLimit,
    };
  }

  /** Clicks are stored by time. Our own ids hold theirs, and of imported ones it was noted. */
  private async timesOf({ clickId }: ClickFilter): Promise<Date[] | undefined> {
    if (!clickId || clickId.not) return undefined;
    const times = await Promise.all(
      clickId.values.map(async (id) => {
        const own = readClickId(id, this.ports.secrets);
        return own ? own.atMs : ((await importedClickAt(this.ports.pool, id))?.getTime() ?? null);
      }),
    );
    // An id with no time was never stored.
    return times.filter((time) => time !== null).map((time) => new Date(time));
  }
}
