/** An expected failure with a stable code: what a caller may act on. Anything else that is thrown is a bug or an outage. */
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

/** What a thrown value says, whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
