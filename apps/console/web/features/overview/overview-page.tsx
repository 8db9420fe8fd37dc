import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import type { OverviewBucket } from '../../api/answers';
import { formatCount } from '../../lib/amount';
import { addDecimals, flowOf, moneyOf, negated, type MoneySum } from '../../lib/flow';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { Choices } from '../../ui/filters';
import { Card, Page } from '../../ui/page';
import { Empty, Failed, Loaded, LoadingChart, LoadingRows } from '../../ui/states';
import { Amount } from '../../ui/values';
import { AttentionList } from './attention-list';
import { FlowPicture } from './flow-picture';
import { useAttention, useOverview } from './overview-data';
import styles from './overview.module.css';

const OverTime = lazy(() => import('./over-time').then(({ OverTime: component }) => ({ default: component })));

const texts = t.overview;
const ranges = ['1h', '24h', '7d'];

const moneyLines: [name: string, of: (sum: MoneySum) => string][] = [
  [texts.money.approved, ({ approved }) => approved],
  [texts.money.pending, ({ pending }) => pending],
  [texts.money.cost, ({ cost }) => cost],
  [texts.money.profit, ({ approved, cost }) => addDecimals(approved, negated(cost))],
];

const Money = ({ of }: { of: readonly MoneySum[] }) => {
  if (of.length === 0) return <p>{texts.money.none}</p>;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={texts.money.title}>
      <table className={styles.money}>
        <tbody>
          {moneyLines.map(([name, amountOf]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {of.map((sum) => (
                <td key={sum.currency}>
                  <Amount amount={amountOf(sum)} currency={sum.currency} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Attention = ({ range }: { range: string }) => {
  const { items, error, retry } = useAttention(range);
  return (
    <Card title={texts.attention.title} note={items && items.length > 0 ? texts.attention.note : null}>
      <div className={styles.attentionBox}>
        {items && <AttentionList items={items} range={range} />}
        {error ? <Failed error={error} retry={retry} /> : !items && <LoadingRows rows={4} />}
      </div>
    </Card>
  );
};

const Figures = ({ buckets, range }: { buckets: readonly OverviewBucket[]; range: string }) => {
  const flow = useMemo(() => flowOf(buckets), [buckets]);
  const money = useMemo(() => moneyOf(buckets), [buckets]);
  const { clicks, calls, postbacks, deliveries } = flow;
  return (
    <>
      <Card title={texts.flow.title} note={texts.flow.note}>
        <p className="visually-hidden">
          {texts.flow.summary(
            formatCount(clicks),
            formatCount(calls),
            formatCount(postbacks.applied),
            formatCount(deliveries.delivered),
          )}
        </p>
        <FlowPicture flow={flow} range={range} />
      </Card>
      <div className={styles.columns}>
        <Attention range={range} />
        <Card title={texts.money.title} note={texts.money.note}>
          <Money of={money} />
        </Card>
      </div>
      <Card title={texts.chart.title}>
        <Suspense fallback={<LoadingChart />}>
          <OverTime buckets={buckets} />
        </Suspense>
      </Card>
    </>
  );
};

const isEmpty = (buckets: readonly OverviewBucket[]): boolean => {
  const { clicks, calls, owed } = flowOf(buckets);
  return clicks + calls + owed === 0;
};

const Welcome = () => (
  <Card>
    <Empty
      title={texts.start.title}
      actions={
        <Button component={Link} to="/setup">
          {texts.start.action}
        </Button>
      }
    >
      {texts.start.text}
    </Empty>
  </Card>
);

export const OverviewPage = () => {
  const [view, change] = useView();
  const range = ranges.includes(view.range ?? '') ? (view.range as string) : '24h';
  const query = useOverview(range);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <Choices
          label={texts.rangeLabel}
          of={ranges.map((value) => ({ value, label: wordOf(texts.ranges, value) }))}
          value={range}
          onChange={(next) => change({ range: next })}
        />
      }
    >
      <Loaded query={query} rows={10}>
        {({ buckets }) => (
          <>
            {isEmpty(buckets) && <Welcome />}
            <Figures buckets={buckets} range={range} />
          </>
        )}
      </Loaded>
    </Page>
  );
};
