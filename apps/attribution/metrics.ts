import type { PostbackRecord } from '#contracts';
import { durationBucketsSeconds, type Metrics } from '#runtime';

/** What an operator asks of attribution: what became of postbacks, where clicks were found, how
 * long a batch takes, what waits, what failed. */
export type AttributionMetrics = {
  decided: (postbacks: readonly PostbackRecord[]) => void;
  /** Starts the clock of one batch; the answer stops it. */
  batch: () => () => void;
  clicksFound: (from: 'cache' | 'database' | 'nowhere', clicks: number) => void;
  conflict: () => void;
  orphansEnded: (orphans: number) => void;
  orphansWaiting: (waiting: number, oldestMs: number) => void;
  outboxAge: (ms: number) => void;
  itemFailed: (chore: string) => void;
  rollupsSkipped: (rows: number) => void;
};

export const attributionMetrics = ({ counter, gauge, histogram }: Metrics): AttributionMetrics => {
  const states = counter('carom_attribution_postbacks_total', 'Decided postbacks', ['state', 'refusal']);
  const lookups = counter('carom_attribution_click_lookups_total', 'Click look-ups, by where they were found', [
    'found',
  ]);
  const batch = histogram('carom_attribution_batch_seconds', 'Time to decide one batch', durationBucketsSeconds);
  const conflicts = counter('carom_attribution_conflicts_total', 'Transactions tried again');
  const ended = counter('carom_attribution_orphans_ended_total', 'Orphans that wait no longer');
  const waiting = gauge('carom_attribution_orphans_waiting', 'Orphans that wait; above 10000 an estimate');
  const oldest = gauge('carom_attribution_orphans_oldest_seconds', 'Age of the oldest orphan');
  const outbox = gauge('carom_attribution_outbox_oldest_seconds', 'Age of the oldest change not published yet');
  const failed = counter('carom_attribution_upkeep_failed_total', 'Items that failed alone in upkeep', ['chore']);
  const skipped = gauge(
    'carom_attribution_rollups_skipped',
    'Rows of figures that could not be merged into their hour',
  );
  return {
    decided: (postbacks) => {
      for (const { state, refusal } of postbacks) states.inc({ state, refusal: refusal ?? '' });
    },
    batch: () => {
      const stop = batch.startTimer();
      return () => void stop();
    },
    clicksFound: (found, clicks) => lookups.inc({ found }, clicks),
    conflict: () => conflicts.inc(),
    orphansEnded: (orphans) => ended.inc(orphans),
    orphansWaiting: (count, oldestMs) => {
      waiting.set(count);
      oldest.set(oldestMs / 1000);
    },
    outboxAge: (ms) => outbox.set(ms / 1000),
    itemFailed: (chore) => failed.inc({ chore }),
    rollupsSkipped: (rows) => skipped.set(rows),
  };
};
