import { useMemo } from 'react';
import type { OverviewBucket } from '../../api/answers';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Chart, type Series } from '../../ui/chart';
import { When } from '../../ui/values';
import styles from './overview.module.css';

const texts = t.overview.chart;

const callsOf = ({ postbacks }: OverviewBucket): number =>
  Object.values(postbacks).reduce((sum, each) => sum + each, 0);

/** Clicks and calls per bucket, drawn and as a table. */
export const OverTime = ({ buckets }: { buckets: readonly OverviewBucket[] }) => {
  const times = useMemo(() => buckets.map(({ at }) => Date.parse(at) / 1_000), [buckets]);
  const series = useMemo<Series[]>(
    () => [
      { label: texts.clicks, colour: '--carom-info', values: buckets.map(({ clicks }) => clicks) },
      { label: texts.postbacks, colour: '--carom-good', values: buckets.map(callsOf) },
      { label: texts.refused, colour: '--carom-bad', values: buckets.map(({ postbacks }) => postbacks.refused) },
    ],
    [buckets],
  );
  return (
    <>
      <Chart label={texts.title} times={times} series={series} />
      <details>
        <summary>{texts.table}</summary>
        <table className={styles.money}>
          <thead>
            <tr>
              {[texts.time, texts.clicks, texts.postbacks, texts.applied, texts.refused].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.at}>
                <td>
                  <When at={bucket.at} />
                </td>
                <td>{formatCount(bucket.clicks)}</td>
                <td>{formatCount(callsOf(bucket))}</td>
                <td>{formatCount(bucket.postbacks.applied)}</td>
                <td>{formatCount(bucket.postbacks.refused)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
};
