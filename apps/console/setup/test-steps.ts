import { readClickId, refusals } from '#domain';
import { listClicks, listConversions, listPostbacks, listWholeDeliveries, only, type SetupTest } from '#postgres';
import { z } from 'zod';
import type { ConsolePorts } from '../ports.js';
import { whyNotSent, type NotSent } from './test-destination.js';

/** How far a test has come: what ingest answered, and what is found of it by now. */

export const testAnswer = z.object({
  id: z.uuid(),
  campaignKey: z.string(),
  /** Nothing more will happen. */
  settled: z.boolean(),
  steps: z.array(
    z.object({
      step: z.enum(['click', 'redirect', 'postback', 'conversion', 'delivery']),
      /** `skipped`: there is a reason why this does not happen. */
      state: z.enum(['done', 'waiting', 'failed', 'skipped']),
      at: z.iso.datetime().nullable(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});
type Step = z.infer<typeof testAnswer>['steps'][number];
type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'secrets' | 'now'>;

/** After this time a missing step is reported as failed. */
const patienceMs = 60_000;
const first = { before: null, limit: 1 };

const clickSteps = async ({ pool, secrets }: Ports, { click }: SetupTest, isLate: boolean): Promise<Step[]> => {
  const { at = null, url, status = null, location = null, clickId = null, error = null } = click ?? {};
  const own = clickId === null ? null : readClickId(clickId, secrets);
  const times = own ? { from: new Date(own.atMs), to: new Date(own.atMs + 1) } : {};
  const clicks = own ? await listClicks(pool, { clickId: only(own.id), ...times }, first) : null;
  const [row] = clicks?.rows ?? [];
  const failed = clickId === null;
  return [
    {
      step: 'click',
      state: row ? 'done' : failed || isLate ? 'failed' : 'waiting',
      at: row ? row.recordedAt.toISOString() : at,
      detail: {
        url,
        status,
        clickId,
        error,
        ...(row && { externalId: row.externalId, offerKey: row.offerKey, tokens: row.tokens }),
      },
    },
    { step: 'redirect', state: location === null ? 'failed' : 'done', at, detail: { status, location, error } },
  ];
};

const postbackStep = async ({ pool }: Ports, { postback, click }: SetupTest, isLate: boolean): Promise<Step> => {
  if (!postback) {
    const reason = click?.clickId ? 'no_network' : 'no_click';
    return { step: 'postback', state: 'skipped', at: null, detail: { reason } };
  }
  const { at, url, status, code, postbackId, error } = postback;
  const calls = postbackId === null ? null : await listPostbacks(pool, { id: only(postbackId) }, first);
  const [row] = calls?.rows ?? [];
  const refusal = row?.refusal ?? code;
  const explanation = refusals.find((each) => each.code === refusal);
  const isDone = row?.state === 'applied' || row?.state === 'duplicate';
  const isRefused = row?.state === 'refused' || row?.state === 'parked' || (status !== null && status >= 400);
  return {
    step: 'postback',
    state: isDone ? 'done' : isRefused || error !== null || isLate ? 'failed' : 'waiting',
    at: row ? row.decidedAt.toISOString() : at,
    detail: {
      url,
      status,
      error,
      postbackId,
      outcome: row?.state ?? null,
      refusal: refusal ?? null,
      sentence: explanation?.sentence ?? null,
      remedy: explanation?.remedy ?? null,
      conversionId: row?.conversionId ?? null,
    },
  };
};

type WholeDelivery = Awaited<ReturnType<typeof listWholeDeliveries>>['rows'][number];

const deliveryStep = (delivery: WholeDelivery): Step => {
  const last = delivery.attempts.at(-1);
  const isOpen = delivery.state === 'waiting' || delivery.state === 'sending';
  return {
    step: 'delivery',
    state: isOpen ? 'waiting' : delivery.state === 'delivered' ? 'done' : 'failed',
    at: (delivery.finishedAt ?? delivery.createdAt).toISOString(),
    detail: {
      deliveryId: delivery.id,
      destinationKey: delivery.destinationKey,
      state: delivery.state,
      reason: delivery.reason,
      url: last?.url ?? null,
      status: last?.status ?? null,
      answer: last?.answer ?? null,
    },
  };
};

/** Until the delivery is there, the settings say whether there will be one. */
const noDeliveryStep = (notSent: NotSent | null, isLate: boolean): Step => ({
  step: 'delivery',
  state: notSent ? 'skipped' : isLate ? 'failed' : 'waiting',
  at: null,
  detail: { ...notSent },
});

const afterPostback = async (ports: Ports, postback: Step, isLate: boolean): Promise<Step[]> => {
  const { pool } = ports;
  const conversionId = postback.detail['conversionId'];
  if (typeof conversionId !== 'string') {
    const state = postback.state === 'waiting' ? ('waiting' as const) : ('skipped' as const);
    const none = { state, at: null, detail: { reason: 'no_postback' } };
    return [
      { step: 'conversion', ...none },
      { step: 'delivery', ...none },
    ];
  }
  const [conversions, deliveries] = await Promise.all([
    listConversions(pool, { id: only(conversionId) }, first),
    listWholeDeliveries(pool, { conversionId: only(conversionId) }, first),
  ]);
  const [[conversion], [delivery]] = [conversions.rows, deliveries.rows];
  return [
    {
      step: 'conversion',
      state: conversion ? 'done' : isLate ? 'failed' : 'waiting',
      at: conversion?.recordedAt.toISOString() ?? null,
      detail: {
        conversionId,
        state: conversion?.state ?? null,
        marks: conversion?.marks ?? [],
        currency: conversion?.currency ?? null,
      },
    },
    delivery
      ? deliveryStep(delivery)
      : noDeliveryStep(conversion ? await whyNotSent(ports, conversionId) : null, isLate),
  ];
};

export const showTest = async (ports: Ports, test: SetupTest): Promise<z.infer<typeof testAnswer>> => {
  const startedMs = Date.parse(test.click?.at ?? '');
  const isLate = ports.now().getTime() - startedMs > patienceMs;
  const postback = await postbackStep(ports, test, isLate);
  const steps = [
    ...(await clickSteps(ports, test, isLate)),
    postback,
    ...(await afterPostback(ports, postback, isLate)),
  ];
  return {
    id: test.id,
    campaignKey: test.campaignKey,
    settled: steps.every(({ state }) => state !== 'waiting'),
    steps,
  };
};
