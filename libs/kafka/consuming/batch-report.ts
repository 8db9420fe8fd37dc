import type { Verdict } from '#domain';
import type { Logger } from '#runtime';
import type { PartitionBatch } from './judge.js';
import type { BatchNumbers, KafkaMetrics } from '../connection/ports.js';

type Reporting = { topic: string; group: string; metrics: KafkaMetrics; log: Logger };
export type Report = (outcome: BatchNumbers['outcome'], fields: object, verdicts?: readonly Verdict[]) => void;

/** Measures one batch from now on; the answer writes its metrics and its one wide log line. */
export const startReport = ({ topic, group, metrics, log }: Reporting, parts: readonly PartitionBatch[]): Report => {
  const startedAt = performance.now();
  return (outcome, fields, verdicts = []) => {
    const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
    const numbers = {
      topic,
      records: parts.reduce((sum, { records }) => sum + records, 0),
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      outcome,
      ...{ done: count('done'), skipped: count('skip'), parked: count('park') },
    };
    const lags = new Map(parts.map(({ partition, payload }) => [partition, Number(payload.batch.offsetLagLow())]));
    metrics.handled({ ...numbers, lags });
    // A busy consumer commits a hundred batches a second; the metrics say all there is to say of
    // them.
    const isPlain = outcome === 'committed' && numbers.skipped + numbers.parked === 0;
    const level = outcome === 'stopped' ? 'error' : outcome !== 'committed' ? 'warn' : isPlain ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const from = parts.map(({ partition, payload }) => `${partition}@${payload.batch.messages[0]?.offset}`).join(' ');
    const lag = [...lags.values()].reduce((sum, each) => sum + each, 0);
    log[level]({ event: 'kafka.batch', group, from, lag, ...numbers, ...fields });
  };
};
