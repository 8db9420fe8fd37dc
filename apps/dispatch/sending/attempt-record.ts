import type { LeasedDelivery, Leaving } from '#domain';
import type { Outcome } from '#postgres';
import type { Attempted } from './deliver.js';

/** An ending in the form in which it is stored. `attempted` is null where no call was considered.
 */
export const outcomeOf = ({ delivery, ending }: Leaving, attempted: Attempted | null): Outcome => {
  const { id, conversionId, destinationKey, once } = delivery;
  const dueInMs = attempted?.verdict.kind === 'retry' ? attempted.verdict.dueInMs : null;
  const { state, reason } = ending;
  return { id, conversionId, destinationKey, once, state, reason, dueInMs, attempt: attemptOf(delivery, attempted) };
};

const attemptOf = ({ attempts }: LeasedDelivery, attempted: Attempted | null): Outcome['attempt'] => {
  const call = attempted?.call;
  if (!call) return null;
  const { result, record, atMs, method, outcome } = call;
  const answered = result.kind === 'answered' ? result : null;
  return {
    ...record,
    atMs,
    method,
    outcome,
    number: attempts + 1,
    status: answered?.status ?? null,
    ms: result.ms,
    connectMs: answered?.connectMs ?? null,
    headersMs: answered?.headersMs ?? null,
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
