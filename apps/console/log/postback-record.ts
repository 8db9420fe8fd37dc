import { topics, type SafePostbackRecord } from '#contracts';
import { partitionKeyOf } from '#domain';
import type { OutRecord } from '#kafka';

/** The record of a postback that console makes (an upload's row, a replay). It has the same key
 *  as in ingest, so all reports of one conversion are on one partition. */
export const postbackRecordOf = (message: SafePostbackRecord): OutRecord => ({
  topic: topics.postbacks.name,
  key: partitionKeyOf(message.read, message.id),
  value: JSON.stringify(message),
  headers: { id: message.id, type: topics.postbacks.type },
});
