/** What a pipeline decides about one record. The loop of `libs/kafka` acts on it; the pipeline
 * never touches an offset.
 *
 *  | verdict | meaning                                                                       |
 *  | ------- | ----------------------------------------------------------------------------- |
 *  | `done`  | its effect is durable                                                         |
 *  | `skip`  | nothing to do; the reason is counted (a redelivery, an older revision)        |
 *  | `park`  | cannot be processed: set aside with its reason (P2), the partition goes on    |
 *
 * An exception is none of these: the outcome is unknown, so nothing is committed and the batch
 * comes again. */
export type Verdict =
  { kind: 'done' } | { kind: 'skip'; reason: string } | { kind: 'park'; reason: string; cause: string | null };

export const done: Verdict = Object.freeze({ kind: 'done' });
export const skip = (reason: string): Verdict => ({ kind: 'skip', reason });
/** @param reason a stable code, lower case with underscores, for filters and metrics.
 *  @param cause the text for the person who looks at it. */
export const park = (reason: string, cause: string | null = null): Verdict => ({ kind: 'park', reason, cause });
