import { CodedError } from '#runtime';
import type { OutRecord } from './ports.js';

/** - `KAFKA_AWAY`: no acknowledgement in time, or no broker. The record may or may not have been
 *   written; send it again later.
 *  - `KAFKA_BACKPRESSURE`: too much waits in this process already. The record was not sent.
 *  - `KAFKA_REFUSED`: the broker says no to this very record (too large, no such topic, not
 *    allowed). Sending it again will not help. */
export type ProduceErrorCode = 'KAFKA_AWAY' | 'KAFKA_BACKPRESSURE' | 'KAFKA_REFUSED';

export class KafkaProduceError extends CodedError {
  override readonly name = 'KafkaProduceError';
  declare readonly code: ProduceErrorCode;
  /** The records of the call that were not acknowledged, in the order given; the others of the call
   * are written. */
  readonly failed: readonly OutRecord[];

  constructor(code: ProduceErrorCode, message: string, failed: readonly OutRecord[], cause?: unknown) {
    super(code, message, { cause });
    this.failed = failed;
  }
}

const refusals = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'TOPIC_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
]);

/** Whether the broker objects to the record itself. Everything else is taken for an outage, because
 * records outlive outages. */
export const isRefusal = (type: string | null): boolean => type !== null && refusals.has(type);

/** Errors that say that a member was expelled from its group: its partitions belong to another
 * member by now. */
export const isExpelled = (type: string | null): boolean =>
  type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION' || type === 'FENCED_INSTANCE_ID';
