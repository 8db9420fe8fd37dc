import { readPostback } from '#contracts';
import { refusals } from '#domain';
import type { PostbackRow, PostbackSummary } from '#postgres';
import { z } from 'zod';
import { choiceOf, keys, texts, uuids, yesOrNo } from '../http/choice.js';
import { timeRange } from '../http/page.js';

/** Requests and answers of the API about inbound calls. */

const postbackStates = ['applied', 'duplicate', 'refused', 'orphan', 'parked'] as const;
const refusalCodes = refusals.map(({ code }) => code) as [string, ...string[]];

/** The filters of every list of calls: of the log, its stream, its summary and a replay. */
export const postbackFilters = {
  id: uuids,
  clickId: texts(200),
  transactionId: texts(500),
  conversionId: choiceOf(z.uuid(), { none: true }),
  externalId: texts(2000),
  networkKey: keys,
  campaignKey: keys,
  sourceKey: keys,
  offerKey: keys,
  state: choiceOf(z.enum(postbackStates)),
  refusal: choiceOf(z.enum(refusalCodes), { none: true }),
  channel: choiceOf(z.enum(['postback', 'upload', 'replay'])),
  authenticatedBy: texts(40),
  statusWord: texts(200),
  problem: choiceOf(z.string().max(60)),
  uploadId: uuids,
  remoteAddress: texts(100),
  test: yesOrNo,
  text: z.string().min(1).max(500).optional(),
  ...timeRange,
};

const nullable = z.string().nullable();
export const postbackSummaryAnswer = z
  .object({
    id: z.uuid(),
    receivedAt: z.iso.datetime(),
    decidedAt: z.iso.datetime(),
    networkKey: nullable,
    state: z.enum(postbackStates),
    refusal: nullable,
    channel: z.string(),
    authenticatedBy: z.string(),
    proof: nullable,
    clickId: nullable,
    transactionId: nullable,
    statusWord: nullable,
    read: readPostback.meta({ id: 'Reading' }),
    problems: z.array(z.object({ code: z.string(), param: nullable })),
    remoteAddress: nullable,
    uploadId: nullable,
    conversionId: z.uuid().nullable(),
    campaignKey: nullable,
    sourceKey: nullable,
    offerKey: nullable,
    externalId: nullable,
    test: z.boolean(),
    suppressDelivery: z.boolean(),
    replayCount: z.int(),
  })
  .meta({ id: 'PostbackSummary' });
export const postbackAnswer = postbackSummaryAnswer
  .extend({
    explanation: z.object({ sentence: z.string(), remedy: z.string(), replayable: z.boolean() }).nullable(),
    raw: z.object({
      method: z.string(),
      target: z.string(),
      headers: z.record(z.string(), z.string()),
      body: nullable,
      bodyEncoding: z.enum(['utf8', 'base64']),
      remoteAddress: nullable,
    }),
    replays: z.array(z.looseObject({ at: z.iso.datetime() })),
  })
  .meta({ id: 'Postback' });

const explanations = new Map(
  refusals.map(({ code, sentence, remedy, replayable }) => [code as string, { sentence, remedy, replayable }]),
);

export const showPostbackSummary = ({ at: _at, baseId: _base, ...row }: PostbackSummary & { at: string }) => row;

export const showPostback = ({ at: _at, baseId: _base, ...row }: PostbackRow & { at: string }) => ({
  ...row,
  // They are kept as JSON, whose times Postgres writes in another form.
  replays: (row.replays as { at: string }[]).map((replay) => ({ ...replay, at: new Date(replay.at).toISOString() })),
  explanation: row.refusal === null ? null : (explanations.get(row.refusal) ?? null),
});
