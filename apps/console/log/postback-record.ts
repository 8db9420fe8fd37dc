import { topics, type SafePostbackRecord } from '#contracts';
import { partitionKeyOf } from '#domain';
import type { OutRecord } from '#kafka';

/** A postback of console's making (an upload's row, a replay) as its topic takes it: the same
 *  key as ingest gives, so that it meets the other reports of its conversion on one partition. */
export const postbackRecordOf = (message: SafePostbackRecord): OutRecord => ({
  topic: topics.postbacks.name,
  key: partitionKeyOf(message.read, message.id),
  value: JSON.stringify(message),
  headers: { id: message.id, type: topics.postbacks.type },
});
