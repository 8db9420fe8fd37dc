/** What a pipeline says of one record it was given. The loop of `libs/kafka` acts on it; the pipeline never touches an offset.
 *
 *  - `done`: its effect is durable.
 *  - `skip`: there was nothing to do, and the reason is worth a number (a redelivery, an older revision).
 *  - `retry`: not now, for a reason that passes by itself. The record and everything after it on its partition come again.
 *  - `park`: never, until a human looks at it. It is set aside with its reason (P2) and the partition goes on.
 *
 *  An exception is none of these: it says that the pipeline does not know, so nothing is committed and the whole batch comes again. */
export type Verdict =
  | { kind: 'done' }
  | { kind: 'skip'; reason: string }
  | { kind: 'retry'; cause: string; afterMs: number }
  | { kind: 'park'; reason: string; cause: string | null };

export const done: Verdict = Object.freeze({ kind: 'done' });
export const skip = (reason: string): Verdict => ({ kind: 'skip', reason });
/** @param afterMs how long its partition rests, in milliseconds; what is below zero counts as zero. */
export const retry = (cause: string, afterMs: number): Verdict => ({
  kind: 'retry',
  cause,
  afterMs: Math.max(0, afterMs),
});
/** @param reason a stable code, lower case with underscores, for filters and metrics. @param cause the text for the human. */
export const park = (reason: string, cause: string | null = null): Verdict => ({ kind: 'park', reason, cause });

/** How far a batch got: everything before `firstUndone` may be committed, what is at and after it must be read again.
 *
 *  Records behind a `retry` may well be done, but an offset is a single mark per partition, so they come again too;
 *  every pipeline bears that, because a crash does the same to it. What was to be parked behind the mark is parked when it comes again. */
export const settle = (
  verdicts: readonly Verdict[],
): { firstUndone: number; retryAfterMs: number | null; cause: string | null } => {
  const firstUndone = verdicts.findIndex((verdict) => verdict.kind === 'retry');
  const verdict = verdicts[firstUndone];
  if (verdict?.kind !== 'retry') return { firstUndone: verdicts.length, retryAfterMs: null, cause: null };
  return { firstUndone, retryAfterMs: verdict.afterMs, cause: verdict.cause };
};
