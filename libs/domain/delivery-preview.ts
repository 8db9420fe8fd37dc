import { decideDelivery, factsToTell, needlessReason } from './delivery.js';
import {
  compileDestination,
  destinationLookup,
  templateFor,
  type ConversionFacts,
  type DestinationRules,
  type RateLookup,
} from './destination.js';
import type { ConversionState } from './settings.js';
import type { RenderedRequest } from './destination-template.js';
import { RenderError, TemplateError } from './template-problem.js';

/** What would be sent for a conversion, without sending it: the same rules, the same rendering as dispatch itself uses. */
export type DeliveryPreview = {
  send: boolean;
  /** Why not, or null. */
  reason: string | null;
  /** The id that the delivery has or would have; null where none is owed. */
  deliveryId: string | null;
  request: RenderedRequest | null;
};

export const previewDelivery = (
  key: string,
  rules: DestinationRules,
  facts: ConversionFacts,
  context: {
    nowMs: number;
    rates: RateLookup;
    /** The last state of this conversion that the ad network has heard; left out: a conversion that was never told of. */
    heard?: ConversionState | null;
  },
): DeliveryPreview => {
  try {
    const destination = compileDestination(key, rules);
    const decision = decideDelivery(destination, facts, context.nowMs, context.rates);
    const needless =
      context.heard === undefined ? null : needlessReason(destination, facts, context.heard, context.rates);
    const reason = decision.kind === 'unmatched' ? decision.reason : (needless ?? decision.unsendable);
    const deliveryId = decision.kind === 'owed' ? decision.delivery.id : null;
    const told = context.heard === undefined ? facts : factsToTell(rules, facts, context.heard);
    const lookup = destinationLookup(destination, told, { ...context, deliveryId: deliveryId ?? facts.conversionId });
    return { send: reason === null, reason, deliveryId, request: templateFor(destination, told).render(lookup) };
  } catch (thrown) {
    if (thrown instanceof TemplateError || thrown instanceof RenderError)
      return { send: false, reason: 'template_error', deliveryId: null, request: null };
    throw thrown;
  }
};
