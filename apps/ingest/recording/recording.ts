import { join } from 'node:path';
import { topics, type SafeClickRecord, type SafePostbackRecord } from '#contracts';
import { connectProducer, kafkaMetrics, type KafkaConnection, type OutRecord } from '#kafka';
import type { Check, Logger, Metrics } from '#runtime';
import { openSpool } from '#spool';
import { createDurableProducer } from './durable-produce.js';
import type { Ports } from '../ingest.pipeline.js';

/** The two kinds of records that ingest writes, as Kafka takes them: key, JSON, and the headers every record of ours carries. */
const recordTo = (produce: (records: readonly OutRecord[]) => Promise<void>): Ports['record'] => ({
  click: (click: SafeClickRecord) =>
    produce([
      {
        topic: topics.clicks.name,
        key: click.clickId,
        value: JSON.stringify(click),
        headers: { id: click.clickId, type: topics.clicks.type },
      },
    ]),
  postback: (postback: SafePostbackRecord, key: string) =>
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

/** What waits on the disk, for Prometheus. The age says how long the oldest record has been kept back. */
const countSpool = (metrics: Metrics, spool: { depth: number; bytes: number; oldestAtMs: number | null }): void => {
  const gauges = [
    [metrics.gauge('carom_ingest_spool_records', 'Records in the spool'), () => spool.depth],
    [metrics.gauge('carom_ingest_spool_bytes', 'Bytes of the records in the spool'), () => spool.bytes],
    [
      metrics.gauge('carom_ingest_spool_oldest_age_seconds', 'Age of the oldest record in the spool'),
      () => (spool.oldestAtMs === null ? 0 : (Date.now() - spool.oldestAtMs) / 1000),
    ],
  ] as const;
  for (const [gauge, look] of gauges)
    Object.assign(gauge, {
      collect: () => gauge.set(look()),
    });
};

/** Kafka, and the disk behind it (P1). The check is ready while either takes records, and says which. */
export const openRecording = async (options: {
  kafka: KafkaConnection;
  config: { CAROM_DATA_DIR: string; CAROM_SPOOL_MAX_BYTES: number };
  metrics: Metrics;
  log: Logger;
}): Promise<{ record: Ports['record']; check: Check; close: () => Promise<void> }> => {
  const { kafka, config, metrics, log } = options;
  const spool = await openSpool({
    folder: join(config.CAROM_DATA_DIR, 'spool'),
    maxBytes: config.CAROM_SPOOL_MAX_BYTES,
  });
  const producer = await connectProducer({ ...kafka, metrics: kafkaMetrics(metrics) });
  const durable = createDurableProducer({ kafka: producer, spool, log });
  countSpool(metrics, spool);
  return {
    record: recordTo(durable.produce),
    check: () => {
      if (durable.state === 'kafka') return { ok: true };
      return { ok: durable.state === 'spooling', note: `${durable.state}: ${spool.depth} records wait on this disk` };
    },
    close: async () => {
      await producer.flush();
      await durable.close();
      await producer.close();
      await spool.close();
    },
  };
};
