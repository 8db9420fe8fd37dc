import type { RefusalCode } from '#domain';
import type { Answer, Ports } from './ports.js';
import type { ReadCall } from './read-call.js';

/** The answers to a postback, each counted where it is made. */

const statusOfStage = { size: 413, caller: 403, form: 400 } as const;

const networkKeyOf = (read: ReadCall | undefined): string => read?.network?.key ?? '';

/** Nothing could take the record, or the catalog is not known yet. The network sends the call
 *  again. */
export const unavailable = (ports: Ports, read?: ReadCall): Answer => {
  ports.count.postback('unavailable', read?.refusal?.code ?? null, networkKeyOf(read));
  return { status: 503, refusal: null, postbackId: null, body: null };
};

/** Calls without proof beyond the limits. 429 and never OK, because the call is not kept. */
export const limited = (ports: Ports, refusal: RefusalCode | null, networkKey: string | undefined): Answer => {
  ports.count.postback('limited', refusal, networkKey ?? '');
  return { status: 429, refusal: null, postbackId: null, body: null };
};

/** The answer to a call that is kept, or that is refused and only counted. */
export const answerTo = (ports: Ports, read: ReadCall): Answer => {
  const { postback, refusal, network, asked } = read;
  const code = refusal?.code ?? null;
  if (refusal === null || refusal.stage === 'later') {
    ports.count.postback('accepted', code, networkKeyOf(read));
    const { status, body } = network?.answer ?? { status: 200, body: 'OK' };
    return { status, refusal: code, postbackId: postback.id, body: asked ?? body };
  }
  ports.count.postback('refused', code, networkKeyOf(read));
  return { status: statusOfStage[refusal.stage], refusal: code, postbackId: postback.id, body: null };
};
