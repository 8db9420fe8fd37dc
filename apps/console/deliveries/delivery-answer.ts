import { conversionStates } from '#domain';
import type { DeliveryRow, DeliverySummary } from '#postgres';
import { z } from 'zod';
import { choiceOf, keys, texts, uuids } from '../http/choice.js';
import { timeRange } from '../http/page.js';

/** Requests and answers of the API about deliveries. */

export const deliveryStates = ['waiting', 'sending', 'delivered', 'parked', 'superseded'] as const;

/** The filters of every list of deliveries, and of its stream. */
export const deliveryFilters = {
  id: uuids,
  conversionId: uuids,
  destinationKey: choiceOf(z.string().max(100)),
  networkKey: keys,
  campaignKey: keys,
  sourceKey: keys,
  offerKey: keys,
  clickId: texts(200),
  transactionId: texts(500),
  externalId: texts(2000),
  state: choiceOf(z.enum(deliveryStates)),
  cause: choiceOf(z.enum(conversionStates)),
  reason: choiceOf(z.string().max(100), { none: true }),
  status: choiceOf(z.string().regex(/^\d{3}$/, 'an HTTP status such as 404'), { none: true }),
  minAttempts: z.coerce.number().int().min(0).max(1000).optional(),
  ...timeRange,
};

const nullable = z.string().nullable();
const headers = z.record(z.string(), z.string()).nullable();
const attempt = {
  at: z.iso.datetime(),
  status: z.int().nullable(),
  ms: z.int(),
  outcome: z.string(),
  reason: nullable,
};
export const deliverySummaryAnswer = z
  .object({
    id: z.uuid(),
    conversionId: z.uuid(),
    destinationKey: z.string(),
    cause: z.enum(conversionStates),
    revision: z.int(),
    state: z.enum(deliveryStates),
    reason: nullable,
    dueAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    changedAt: z.iso.datetime(),
    replays: z.int(),
    attemptCount: z.int(),
    lastAttempt: z.object(attempt).nullable(),
    networkKey: nullable,
    campaignKey: nullable,
    sourceKey: nullable,
    offerKey: nullable,
    clickId: nullable,
    externalId: nullable,
    transactionId: nullable,
  })
  .meta({ id: 'DeliverySummary' });
export const deliveryAnswer = deliverySummaryAnswer
  .extend({
    attempts: z.array(
      z.object({
        ...attempt,
        method: z.string(),
        url: z.string(),
        answer: nullable,
        connectMs: z.int().nullable(),
        headersMs: z.int().nullable(),
        requestHeaders: headers,
        requestBody: nullable,
        answerHeaders: headers,
      }),
    ),
  })
  .meta({ id: 'Delivery' });

export const showDeliverySummary = ({ at: _at, ...delivery }: DeliverySummary & { at: string }) => delivery;
export const showDelivery = ({ at: _at, ...delivery }: DeliveryRow & { at: string }) => delivery;
