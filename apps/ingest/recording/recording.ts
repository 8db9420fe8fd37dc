import { join } from 'node:path';
import { topics } from '#contracts';
import { connectProducer, type KafkaConnection, type KafkaMetrics, type OutRecord } from '#kafka';
import type { Check, Logger, Metrics } from '#runtime';
import { openSpool, type Spool } from '#spool';
import type { Ports, RecordClass } from '../ports.js';
import { DurableProducer } from './durable-produce.js';
import { cutPostback, fitClick, fitPostback } from './fit-record.js';

/** How full the spool may be for a class of records (`docs/LIMITS.md`): a flood of clicks or of
 *  calls without proof leaves room for the postbacks of networks that prove themselves. */
const spoolShares: Record<RecordClass, number> = { click: 0.5, unproven: 0.75, proven: 1 };

const traceHeader = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const tracing = (traceparent: string | undefined): Record<string, string> =>
  traceparent !== undefined && traceHeader.test(traceparent) ? { traceparent } : {};

type Produce = (records: readonly OutRecord[], spoolShare: number) => Promise<void>;

/** The two kinds of records that ingest writes, as Kafka takes them: key, JSON, and the headers
 *  that every record of ours carries. */
const recordTo = (produce: Produce): Ports['record'] => ({
  click: (click) => {
    const headers = { id: click.clickId, type: topics.clicks.type };
    const record = { topic: topics.clicks.name, key: click.clickId, value: fitClick(click), headers };
    return produce([record], spoolShares.click);
  },
  postback: async (postback, key, recordClass) => {
    const headers = {
      id: postback.id,
      type: topics.postbacks.type,
      ...tracing(postback.raw.headers['traceparent']),
    };
    const record = { topic: topics.postbacks.name, key, headers };
    const share = spoolShares[recordClass];
    try {
      await produce([{ ...record, value: fitPostback(postback) }], share);
    } catch (thrown) {
      // A broker whose limit is lower than usual: the same record, as small as it can be.
      if ((thrown as { code?: unknown }).code !== 'KAFKA_REFUSED') throw thrown;
      await produce([{ ...record, value: JSON.stringify(cutPostback(postback)) }], share);
    }
  },
});

const measureSpool = (metrics: Metrics, spool: Spool): void => {
  metrics.lookup('carom_ingest_spool_records', 'Records in the spool', () => spool.depth);
  metrics.lookup('carom_ingest_spool_bytes', 'Bytes of the records in the spool', () => spool.bytes);
  metrics.lookup(
    'carom_ingest_spool_pending_bytes',
    'Bytes of records in memory that are not on the disk yet',
    () => spool.pendingBytes,
  );
  metrics.lookup('carom_ingest_spool_oldest_age_seconds', 'Age of the oldest record in the spool', () =>
    spool.oldestAtMs === null ? 0 : (spool.nowMs() - spool.oldestAtMs) / 1_000,
  );
};

export type Recording = { record: Ports['record']; check: Check; close: () => Promise<void> };

/** Kafka, and the disk behind it (P1). The check is ready while either takes records, and says
 *  which. */
export const openRecording = async (options: {
  kafka: KafkaConnection;
  kafkaMetrics: KafkaMetrics;
  config: { CAROM_DATA_DIR: string; CAROM_SPOOL_MAX_BYTES: number; CAROM_SPOOL_MAX_PENDING_BYTES: number };
  metrics: Metrics;
  log: Logger;
}): Promise<Recording> => {
  const { kafka, config, metrics, log } = options;
  const spool = await openSpool({
    folder: join(config.CAROM_DATA_DIR, 'spool'),
    maxBytes: config.CAROM_SPOOL_MAX_BYTES,
    maxPendingBytes: config.CAROM_SPOOL_MAX_PENDING_BYTES,
  });
  const producer = await connectProducer({ ...kafka, metrics: options.kafkaMetrics });
  const refusals = metrics.counter('carom_ingest_spool_refused_total', 'Records that the spool did not take', ['code']);
  const onRefused = (code: string): void => refusals.inc({ code });
  const durable = new DurableProducer({ kafka: producer, spool, log, onRefused });
  measureSpool(metrics, spool);
  return {
    record: recordTo((records, share) => durable.produce(records, share)),
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
