import type { RefusalCode } from '#domain';
import type { ConversionChangedV1 } from './conversion-changed.v1.js';
import type { PostbackReceivedV1 } from './postback-received.v1.js';

/** The states of P2: every postback in the log has exactly one. */
export type PostbackState = 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';

/** One postback in the log: the call, and what became of it. */
export type PostbackRecord = {
  message: PostbackReceivedV1;
  networkKey: string | null;
  state: PostbackState;
  refusal: RefusalCode | null;
  clickId: string | null;
  transactionId: string | null;
  event: string | null;
  /** The conversion set that its report is in; null: in none. */
  baseId: string | null;
  conversionId: string | null;
  /** The changes it made, in the form in which they are published. */
  outcome: ConversionChangedV1[];
};

/** What has to be known of a postback that is in the log already. */
export type KnownPostback = Pick<PostbackRecord, 'state' | 'networkKey' | 'baseId' | 'outcome'>;
