import { decideDelivery, factsToSend, needlessReason } from './delivery.js';
import {
  compileDestination,
  destinationLookup,
  templateFor,
  type ConversionFacts,
  type Destination,
  type DestinationRules,
} from './destination.js';
import type { ConversionState } from '../settings.js';
import type { RenderedRequest } from './destination-template.js';
import type { RateLookup } from '../money/rates.js';
import { compileText, type MacroLookup } from '../template/macro.js';
import type { MacroUse } from '../template/macro-syntax.js';
import { RenderError, TemplateError } from '../template/template-problem.js';

/** What would be sent for a conversion, without sending it: the same rules, the same rendering as
 *  dispatch itself uses. */
type DeliveryPreview = {
  send: boolean;
  /** Why not, or null. */
  reason: string | null;
  /** The id that the delivery has or would have; null where none is owed. */
  deliveryId: string | null;
  request: RenderedRequest | null;
  /** Which value cannot be written in its place, for a template that is right by itself. */
  unwritable: { code: RenderError['code']; text: string; message: string } | null;
};

export const previewDelivery = (
  key: string,
  rules: DestinationRules,
  facts: ConversionFacts,
  context: {
    nowMs: number;
    rates: RateLookup;
    /** The last state of this conversion that the ad network has received; left out: a conversion
     *  of which nothing was sent. */
    lastReceived?: ConversionState | null;
  },
): DeliveryPreview => {
  const unsent = { send: false, reason: 'template_error', deliveryId: null, request: null };
  let destination: Destination;
  try {
    destination = compileDestination(key, rules);
  } catch (thrown) {
    if (thrown instanceof TemplateError) return { ...unsent, unwritable: null };
    throw thrown;
  }
  const decision = decideDelivery(destination, facts, context.nowMs, context.rates);
  const needless =
    context.lastReceived === undefined ? null : needlessReason(destination, facts, context.lastReceived, context.rates);
  const reason = decision.kind === 'unmatched' ? decision.reason : (needless ?? decision.unsendable);
  const deliveryId = decision.kind === 'owed' ? decision.delivery.id : null;
  const sent = context.lastReceived === undefined ? facts : factsToSend(rules, facts, context.lastReceived);
  const lookup = destinationLookup(destination, sent, { ...context, deliveryId: deliveryId ?? facts.conversionId });
  const template = templateFor(destination, sent);
  try {
    return { send: reason === null, reason, deliveryId, request: template.render(lookup), unwritable: null };
  } catch (thrown) {
    if (!(thrown instanceof RenderError)) throw thrown;
    const { code, message } = thrown;
    const macro = template.macros.find((use) => !isWritable(use, lookup));
    return { ...unsent, unwritable: { code, text: macro?.text ?? '', message } };
  }
};

/** Whether a macro can be written at all, apart from its place: a value that changes the path is
 *  wrong only there. Compiled as JSON, which allows every filter. */
const isWritable = ({ text }: MacroUse, lookup: MacroLookup): boolean => {
  try {
    compileText(text, 'json')(lookup);
    return true;
  } catch (thrown) {
    if (thrown instanceof RenderError) return false;
    throw thrown;
  }
};
