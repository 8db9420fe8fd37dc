/** An expected failure with a stable code: what a caller may act on. Anything else that is thrown
 * is a bug or an outage. */
export class CodedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown; details?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.details = options?.details;
  }
  readonly details: unknown;
}

/** What a thrown value says, whatever was thrown. A connection that was tried at several addresses
 * says it once for each, and nothing itself: the first is used. `fetch` says only that it
 * failed, and has the reason as its cause. */
export const messageOf = (thrown: unknown): string => {
  if (thrown instanceof AggregateError && thrown.message === '' && thrown.errors.length > 0)
    return messageOf(thrown.errors[0]);
  if (thrown instanceof TypeError && thrown.message === 'fetch failed' && thrown.cause !== undefined)
    return `${thrown.message}: ${messageOf(thrown.cause)}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
};

/** Whether the stack is needed to explain the error: no for an expected failure or a refusal of
 * the operating system. */
export const isBug = (thrown: unknown): boolean =>
  !(thrown instanceof CodedError) &&
  !(thrown instanceof AggregateError) &&
  !(thrown instanceof Error && 'syscall' in thrown);
