import { useMemo } from 'react';
import type { Answer } from '../../api/answers';
import { formatCount, formatShare } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Chart, type Series } from '../../ui/chart';
import { Card } from '../../ui/page';
import { When } from '../../ui/values';
import tables from '../overview/overview.module.css';
import styles from './deliveries.module.css';

const texts = t.deliveries.one;
type Bucket = Answer<'/api/v1/destinations/{key}'>['buckets'][number];

const percent = (value: number): string => `${formatCount(Math.round(value))} %`;
const milliseconds = (value: number): string => `${formatCount(Math.round(value))} ms`;

/** Success, and the times within which calls were answered. */
const useSeries = (buckets: readonly Bucket[]) =>
  useMemo(() => {
    const median = { label: texts.median, colour: '--carom-info', format: milliseconds };
    const slowest = { label: texts.slowest, colour: '--carom-wait', format: milliseconds };
    const share = buckets.map(({ attempts: { successShare } }) => (successShare === null ? null : successShare * 100));
    const success: Series[] = [{ label: texts.success, colour: '--carom-good', values: share, format: percent }];
    const latency: Series[] = [
      { ...median, values: buckets.map(({ attempts }) => attempts.p50Ms) },
      { ...slowest, values: buckets.map(({ attempts }) => attempts.p95Ms) },
    ];
    return { times: buckets.map(({ at }) => Date.parse(at) / 1_000), success, latency };
  }, [buckets]);

/** The same as numbers: a screen reader cannot read a canvas. */
const Numbers = ({ buckets }: { buckets: readonly Bucket[] }) => (
  <details>
    <summary>{texts.numbers}</summary>
    <table className={tables.money}>
      <thead>
        <tr>
          {[t.overview.chart.time, texts.calls, texts.success, texts.median, texts.slowest].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {buckets
          .filter(({ attempts }) => attempts.seen > 0)
          .map(({ at, attempts: { seen, successShare, p50Ms, p95Ms } }) => (
            <tr key={at}>
              <td>
                <When at={at} />
              </td>
              <td>{formatCount(seen)}</td>
              <td>{formatShare(successShare)}</td>
              <td>{p50Ms === null ? '–' : milliseconds(p50Ms)}</td>
              <td>{p95Ms === null ? '–' : milliseconds(p95Ms)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  </details>
);

/** Success and time to answer over time, drawn and as a table. */
export const DestinationHistory = ({ buckets }: { buckets: readonly Bucket[] }) => {
  const { times, success, latency } = useSeries(buckets);
  return (
    <>
      <div className={styles.charts}>
        <Card title={texts.success}>
          <Chart label={texts.success} times={times} series={success} top={100} />
        </Card>
        <Card title={texts.latency}>
          <Chart label={texts.latency} times={times} series={latency} />
        </Card>
      </div>
      <Card>
        <Numbers buckets={buckets} />
      </Card>
    </>
  );
};
