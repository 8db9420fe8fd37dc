import { durationBucketsSeconds, type Metrics } from '#runtime';
import type { KafkaMetrics } from './ports.js';

const batchSizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];

/** Metrics of this library: seconds, and labels only of closed sets (topics, partitions,
 * outcomes). */
export const kafkaMetrics = (metrics: Metrics): KafkaMetrics => {
  const stopped = metrics.gauge('carom_kafka_stopped_partitions', 'Partitions stopped by an error of our own code', [
    'topic',
  ]);
  const skipped = metrics.counter(
    'carom_kafka_table_entries_skipped_total',
    'Entries of a compacted topic that could not be read or applied',
    ['topic'],
  );
  const jumps = metrics.counter('carom_kafka_offset_jumps_total', 'Partitions that went on without having been read', [
    'topic',
    'reason',
  ]);
  const missed = metrics.counter(
    'carom_kafka_missed_records_total',
    'Records that Kafka deleted before they were read',
    ['topic'],
  );
  return {
    ...producingMetrics(metrics),
    ...consumingMetrics(metrics),
    stopped: (topic, partitions) => stopped.set({ topic }, partitions),
    entrySkipped: (topic) => skipped.inc({ topic }),
    jumped: ({ topic, reason, missed: records }) => {
      jumps.inc({ topic, reason });
      missed.inc({ topic }, records ?? 0);
    },
  };
};

const producingMetrics = ({ counter, gauge, histogram }: Metrics): Pick<KafkaMetrics, 'sent' | 'waiting'> => {
  const sends = histogram('carom_kafka_send_seconds', 'Time of one produce request', durationBucketsSeconds, [
    'outcome',
  ]);
  const sent = counter('carom_kafka_sent_records_total', 'Records by the outcome of their produce request', [
    'outcome',
  ]);
  const sentBytes = counter('carom_kafka_sent_bytes_total', 'Bytes of acknowledged produce requests');
  const sentBatch = histogram('carom_kafka_sent_batch_records', 'Records in one produce request', batchSizes);
  const waiting = gauge('carom_kafka_waiting_records', 'Records not yet acknowledged in this process');
  return {
    sent: ({ records, bytes, ms, outcome }) => {
      sends.observe({ outcome }, ms / 1000);
      sent.inc({ outcome }, records);
      sentBatch.observe(records);
      if (outcome === 'acknowledged') sentBytes.inc(bytes);
    },
    waiting: (records) => waiting.set(records),
  };
};

const consumingMetrics = (metrics: Metrics): Pick<KafkaMetrics, 'fetched' | 'handled' | 'rejoined'> => {
  const { counter, gauge, histogram } = metrics;
  const batches = histogram('carom_kafka_batch_seconds', 'Time of one consumed batch', durationBucketsSeconds, [
    'topic',
    'outcome',
  ]);
  const batchRecords = histogram('carom_kafka_batch_records', 'Records in one consumed batch', batchSizes, ['topic']);
  const verdicts = counter('carom_kafka_verdicts_total', 'Consumed records by verdict', ['topic', 'verdict']);
  const lag = gauge('carom_kafka_lag_records', 'Unread records when the last batch was fetched', [
    'topic',
    'partition',
  ]);
  const oldest: OldestRecords = new Map();
  lagSecondsGauge(metrics, oldest);
  const reported = new Map<string, Set<string>>();
  return {
    fetched: (topic, partition, oldestAtMs) => {
      const partitions = oldest.get(topic) ?? new Map<string, number | null>();
      oldest.set(topic, partitions.set(String(partition), oldestAtMs));
    },
    handled: ({ topic, records, ms, lags, outcome, done, skipped, parked }) => {
      batches.observe({ topic, outcome }, ms / 1000);
      batchRecords.observe({ topic }, records);
      verdicts.inc({ topic, verdict: 'done' }, done);
      verdicts.inc({ topic, verdict: 'skip' }, skipped);
      verdicts.inc({ topic, verdict: 'park' }, parked);
      const known = reported.get(topic) ?? new Set();
      reported.set(topic, known);
      for (const [number, unread] of lags) {
        const partition = String(number);
        known.add(partition);
        lag.set({ topic, partition }, unread);
        if (outcome === 'committed' && unread === 0) oldest.get(topic)?.set(partition, null);
      }
    },
    // A partition that moved to another process would keep its last lag here and raise an alert.
    rejoined: (topic) => {
      for (const partition of reported.get(topic) ?? []) lag.remove({ topic, partition });
      reported.delete(topic);
      oldest.delete(topic);
    },
  };
};

/** By topic and partition, the time of the oldest record not handled yet; null when none waits. */
type OldestRecords = Map<string, Map<string, number | null>>;

const lagSecondsGauge = ({ gauge }: Metrics, oldest: OldestRecords): void => {
  gauge(
    'carom_kafka_lag_seconds',
    'Age of the oldest record that was fetched and not handled',
    ['topic', 'partition'],
    (age) => {
      age.reset();
      for (const [topic, partitions] of oldest)
        for (const [partition, atMs] of partitions)
          age.set({ topic, partition }, atMs === null ? 0 : Math.max(0, Date.now() - atMs) / 1000);
    },
  );
};
