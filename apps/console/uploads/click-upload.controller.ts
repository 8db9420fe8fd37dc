import { createCatalogView, topics, type CatalogEntryV1, type CatalogView, type SafeClickRecord } from '#contracts';
import { hasClickIdForm, maxClickValueLength, parseNanos, readClickId, safeText, type SafeText } from '#domain';
import { allCatalogEntries, catalogEntryOf } from '#postgres';
import { Controller, Inject, Post } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { readCsvBatches, type CsvRow } from './csv-upload.js';
import { audited } from '../access/audit.js';
import { flag } from '../http/flag.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { answerUpload, batchRows, type ReadRow } from './upload.js';
import { csvTypes, streamOf, uploadAnswer, uploadIdOf } from './uploads.controller.js';

/** Clicks of another tracker, so that postbacks with its click ids are attributed here from the
 * first day. A click id is the click's own name and the idempotency key, so a file may be sent
 * again, or overlap with the last one. */

const uploadQuery = z.strictObject({
  dryRun: flag(false),
  uploadId: z.uuid({ version: 'v7' }).optional(),
});

const unixSeconds = /^\d{10}$/;
const unixMs = /^\d{13}$/;
/** ISO, or unix time in seconds or milliseconds. A time without a zone is UTC. */
const momentOf = (text: string | undefined): number | null => {
  if (text === undefined || text === '') return null;
  if (unixSeconds.test(text)) return Number(text) * 1000;
  if (unixMs.test(text)) return Number(text);
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? text : zoned);
  return Number.isNaN(ms) ? null : ms;
};

const refused = (row: number, code: string, detail: string): ReadRow => ({
  result: { row, outcome: 'refused', code, detail },
  record: null,
});

const tokensOf = (values: Record<string, string>): Record<string, SafeText> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith('token.') && value !== ''
        ? [[safeText(name.slice('token.'.length), 100), safeText(value, maxClickValueLength)]]
        : [],
    ),
  );

const cut = (text: string | undefined, maxLength: number): SafeText | null =>
  text === undefined || text === '' ? null : safeText(text, maxLength);

const costOf = (values: Record<string, string>, model: string, currency: string): SafeClickRecord['cost'] => {
  const raw = values['cost'];
  if (raw === undefined || raw === '') return null;
  const nanos = parseNanos(raw);
  const usual = model === 'none' ? 'cpc' : (model as NonNullable<SafeClickRecord['cost']>['model']);
  return {
    model: usual,
    amountNanos: cut(nanos?.toString(), 40),
    currency: safeText(values['currency'] || currency, 20),
    raw: safeText(raw, maxClickValueLength),
  };
};

/** Own ids are read by their MAC: one that has our form but was not made by us would never be found
 * again, so it is refused here. */
const maxClickIdLength = 200;
const clickIdOf = (text: string, secrets: readonly string[]): SafeText | null =>
  cut(hasClickIdForm(text) ? readClickId(text, secrets)?.id : text, maxClickIdLength);

const readRow = (
  row: number,
  values: Record<string, string>,
  at: { view: CatalogView; secrets: readonly string[]; now: number },
): ReadRow => {
  const text = safeText(values['click_id'] ?? '', maxClickIdLength + 1);
  if (text === '' || text.length > maxClickIdLength)
    return refused(row, 'click_id_missing', 'click_id needs 1 to 200 characters');
  const clickId = clickIdOf(text, at.secrets);
  if (clickId === null) return refused(row, 'click_id_invalid', 'it has the form of our own click ids, but is none');
  const clickedAtMs = momentOf(values['clicked_at']);
  if (clickedAtMs === null || clickedAtMs > at.now + 60_000 || clickedAtMs < 0)
    return refused(
      row,
      'clicked_at_invalid',
      'clicked_at needs a time that is past: ISO 8601, or unix seconds or milliseconds',
    );
  const campaign = at.view.campaign(values['campaign'] ?? '');
  if (!campaign) return refused(row, 'campaign_unknown', `there is no campaign "${values['campaign'] ?? ''}"`);
  const offerKey = values['offer'] || campaign.offers[0]?.offerKey || '';
  const offer = at.view.offer(offerKey);
  if (!offer || !campaign.offers.some((each) => each.offerKey === offerKey))
    return refused(row, 'offer_unknown', `the campaign has no offer "${offerKey}"`);
  const source = at.view.source(campaign.sourceKey);
  const externalId = cut(values['external_id'], maxClickValueLength);
  const click: SafeClickRecord = {
    clickId,
    clickedAtMs,
    campaignKey: safeText(campaign.key, 63),
    sourceKey: safeText(campaign.sourceKey, 63),
    offerKey: safeText(offerKey, 63),
    networkKey: safeText(offer.networkKey, 63),
    externalId,
    externalIdRaw: externalId,
    tokens: tokensOf(values),
    cost: costOf(values, source?.cost.model ?? 'none', source?.cost.currency ?? 'USD'),
    visitor: {
      ip: cut(values['ip'], 100),
      userAgent: cut(values['user_agent'], 1000),
      referer: cut(values['referer'], 2000),
      language: cut(values['language'], 200),
    },
    channel: 'import',
    unique: values['unique'] !== 'false',
    flags: [],
  };
  return {
    result: { row, outcome: 'accepted', clickId },
    record: {
      topic: topics.clicks.name,
      key: clickId,
      value: JSON.stringify(click),
      headers: { id: clickId, type: topics.clicks.type },
    },
  };
};

@Controller('api/v1/clicks')
export class ClickUploadController {
  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<ConsolePorts, 'dataSource' | 'pool' | 'produce' | 'now' | 'secrets'>,
  ) {}

  @Post('upload')
  @Operation({
    summary:
      'Takes clicks of another tracker from a CSV: click_id, clicked_at, campaign, and if they are known offer, external_id, ' +
      'token.<name>, cost, currency, ip, user_agent, referer, language, unique.',
    role: 'editor',
    query: uploadQuery,
    streams: csvTypes,
    answer: uploadAnswer,
    errors: ['too_many_rows', 'columns_invalid', 'csv_unreadable', 'rows_missing', 'upload_id_old'],
  })
  async upload(@Input() given: Given<unknown, z.infer<typeof uploadQuery>>): Promise<Readable> {
    const { dryRun, uploadId } = given.query;
    const body = streamOf(given);
    const now = this.ports.now();
    const id = uploadIdOf(uploadId, now);
    const at = { view: await this.catalog(), secrets: this.ports.secrets, now: now.getTime() };
    const readBatch = (rows: CsvRow[]): Promise<ReadRow[]> =>
      Promise.resolve(
        rows.map(({ row, ...rest }) =>
          'values' in rest ? readRow(row, rest.values, at) : refused(row, 'row_unreadable', rest.error),
        ),
      );
    const note = () =>
      audited(this.ports.dataSource, given.actor, ({ audit }) =>
        audit({ action: 'uploaded', kind: 'clicks', key: id }),
      );
    return answerUpload(
      readCsvBatches(body, batchRows),
      given.reply,
      { id, dryRun },
      { readBatch, produce: dryRun ? null : this.ports.produce, note },
    );
  }

  private async catalog(): Promise<CatalogView> {
    const view = createCatalogView();
    for (const entry of await allCatalogEntries(this.ports.dataSource))
      view.apply(catalogEntryOf(entry) satisfies CatalogEntryV1);
    return view;
  }
}
