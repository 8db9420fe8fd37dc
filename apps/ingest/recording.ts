import { topics, type ClickRecordedV1, type PostbackReceivedV1 } from '#contracts';
import type { OutRecord } from '#kafka';
import type { Ports } from './ingest.pipeline.js';

/** The two kinds of records that ingest writes, as Kafka takes them: key, JSON, and the headers every record of ours carries. */
export const recordTo = (produce: (records: readonly OutRecord[]) => Promise<void>): Ports['record'] => ({
  click: (click: ClickRecordedV1) =>
    produce([
      {
        topic: topics.clicks.name,
        key: click.clickId,
        value: JSON.stringify(click),
        headers: { id: click.clickId, type: topics.clicks.type },
      },
    ]),
  postback: (postback: PostbackReceivedV1, key: string) =>
    produce([
      {
        topic: topics.postbacks.name,
        key,
        value: JSON.stringify(postback),
        headers: { id: postback.id, type: topics.postbacks.type, ...tracing(postback.raw.headers.traceparent) },
      },
    ]),
});

const tracing = (traceparent: string | undefined): Record<string, string> =>
  traceparent !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent) ? { traceparent } : {};
