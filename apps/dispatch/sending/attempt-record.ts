import type { LeasedDelivery, Leaving } from '#domain';
import type { Outcome } from '#postgres';
import type { Attempted } from './deliver.js';

/** An ending in the form in which it is stored. `attempted` is null where no call was considered. */
export const outcomeOf = ({ delivery, ending }: Leaving, attempted: Attempted | null): Outcome => {
  const { id, conversionId, destinationKey, once } = delivery;
  const dueInMs = attempted?.verdict.kind === 'retry' ? attempted.verdict.dueInMs : null;
  const { state, reason } = ending;
  return { id, conversionId, destinationKey, once, state, reason, dueInMs, attempt: attemptOf(delivery, attempted) };
};

const attemptOf = ({ attempts }: LeasedDelivery, attempted: Attempted | null): Outcome['attempt'] => {
  const call = attempted?.call;
  if (!call) return null;
  const { result } = call;
  return {
    atMs: call.atMs,
    number: attempts + 1,
    method: call.request.method,
    url: call.shownUrl,
    status: result.kind === 'answered' ? result.status : null,
    ms: result.ms,
    outcome: call.outcome,
    answer: result.kind === 'answered' ? result.body : result.message,
  };
};

/** One wide log line per attempt. */
export const attemptLine = (delivery: LeasedDelivery, { verdict, call }: Attempted): object => ({
  event: 'delivery.attempted',
  delivery: delivery.id,
  conversion: delivery.conversionId,
  destination: delivery.destinationKey,
  cause: delivery.cause,
  attempt: delivery.attempts + (call ? 1 : 0),
  outcome: verdict.kind,
  ...(verdict.kind === 'delivered' ? {} : { reason: verdict.reason }),
  ...(verdict.kind === 'retry' ? { dueInMs: verdict.dueInMs } : {}),
  ...(call ? { ms: call.result.ms, status: call.result.kind === 'answered' ? call.result.status : null } : {}),
});
