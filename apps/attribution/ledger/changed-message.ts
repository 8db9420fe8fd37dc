import type { ConversionChangedV1, PostbackReceivedV1 } from '#contracts';
import { bucketNames, formatNanos, valueNanosOf, type Change, type ConversionSet } from '#domain';

/** A change as it is published. A conversion that exists no more (a replay withdrew all its
 * reports) is published as reversed with nothing left: that is what its readers have to do about
 * it. */
export const changedMessage = (
  set: ConversionSet,
  { before, after }: Change,
  cause: Pick<PostbackReceivedV1, 'id' | 'suppressDelivery'> | null,
): ConversionChangedV1 => {
  const click = set.attributions[after.clickId ?? ''];
  const state = after.state ?? 'reversed';
  const value = valueNanosOf({ state, money: after.money });
  const previous = before?.state ? valueNanosOf({ state: before.state, money: before.money }) : null;
  const text = (bucket: (typeof bucketNames)[number]) => formatNanos(after.money?.[bucket] ?? 0n);
  return {
    conversionId: after.conversionId,
    revision: after.revision,
    changedAtMs: after.changedAtMs,
    postbackId: cause?.id ?? null,
    networkKey: set.networkKey,
    campaignKey: click?.campaignKey ?? null,
    sourceKey: click?.sourceKey ?? null,
    offerKey: click?.offerKey ?? null,
    clickId: after.clickId,
    clickedAtMs: click?.clickedAtMs ?? null,
    externalId: click?.externalId ?? null,
    externalIdRaw: click?.externalIdRaw ?? null,
    tokens: click?.tokens ?? {},
    visitor: click?.visitor ?? null,
    event: after.event,
    transactionId: after.transactionId,
    state,
    previousState: before?.state ?? null,
    previousValue: previous === null ? null : formatNanos(previous),
    restored: after.restored,
    marks: after.marks,
    currency: after.currency,
    money: after.money
      ? { pending: text('pending'), approved: text('approved'), rejected: text('rejected'), reversed: text('reversed') }
      : null,
    value: value === null ? null : formatNanos(value),
    occurredAtMs: after.occurredAtMs,
    recordedAtMs: after.recordedAtMs,
    suppressDelivery: cause?.suppressDelivery ?? false,
  };
};
