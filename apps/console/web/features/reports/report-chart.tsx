import { lazy, Suspense, useMemo } from 'react';
import { isNegative, roughly } from '../../lib/amount';
import { t } from '../../texts/texts';
import type { Series } from '../../ui/chart';
import { LoadingChart } from '../../ui/states';
import { Amount } from '../../ui/values';
import type { Line, Report } from './report';
import styles from './reports.module.css';

const Chart = lazy(() => import('../../ui/chart').then(({ Chart: component }) => ({ default: component })));
const texts = t.reports;
const maxBars = 10;

/** Lines of one instant added up, so that further levels and currencies make no second point.
 * Counts only: currencies do not add up. */
const pointsOf = (items: readonly Line[], days: readonly number[]) => {
  // A day without a line had nothing: it is drawn as zero, not left out.
  const points = new Map(days.map((at) => [at, { clicks: 0, approved: 0, pending: 0 }]));
  for (const { key, clicks, conversions } of items) {
    const at = Date.parse(key[0] ?? '');
    if (Number.isNaN(at)) continue;
    const point = points.get(at) ?? { clicks: 0, approved: 0, pending: 0 };
    points.set(at, {
      clicks: point.clicks + clicks,
      approved: point.approved + conversions.approved,
      pending: point.pending + conversions.pending,
    });
  }
  return [...points].sort(([a], [b]) => a - b);
};

const OverTime = ({ report, zone, days }: Props) => {
  const isByDay = report.groupBy[0] === 'day';
  const points = useMemo(() => pointsOf(report.items, isByDay ? days : []), [report.items, isByDay, days]);
  const times = useMemo(() => points.map(([at]) => at / 1_000), [points]);
  const series = useMemo<Series[]>(
    () => [
      {
        label: texts.columns.approved ?? '',
        colour: '--carom-good',
        values: points.map(([, { approved }]) => approved),
      },
      { label: texts.columns.pending ?? '', colour: '--carom-wait', values: points.map(([, { pending }]) => pending) },
    ],
    [points],
  );
  return (
    <Suspense fallback={<LoadingChart />}>
      {/* A calendar day is no instant: it is drawn at its midnight in UTC. */}
      <Chart label={texts.chart} times={times} series={series} zone={isByDay ? 'UTC' : zone} />
    </Suspense>
  );
};

/** The lines with the most profit or loss, as bars. Each currency has its own scale and so its own
 * bars: only the first is drawn. */
const Bars = ({ items }: { items: readonly Line[] }) => {
  const currency = items[0]?.currency;
  const shown = items
    .filter((line) => line.currency === currency)
    .toSorted((a, b) => Math.abs(roughly(b.profit)) - Math.abs(roughly(a.profit)))
    .slice(0, maxBars);
  const largest = Math.max(...shown.map(({ profit }) => Math.abs(roughly(profit))), Number.EPSILON);
  return (
    <div className={styles.bars}>
      {shown.map((line) => (
        <BarLine key={line.key.join(' ')} line={line} share={Math.abs(roughly(line.profit)) / largest} />
      ))}
    </div>
  );
};
const BarLine = ({ line, share }: { line: Line; share: number }) => (
  <>
    <span className={styles.name}>{line.key.map((each) => each ?? texts.none).join(' · ')}</span>
    <span>
      <span
        className={styles.bar}
        data-negative={isNegative(line.profit)}
        style={{ width: `${Math.max(0.5, share * 100)}%`, display: 'block' }}
      />
    </span>
    <Amount amount={line.profit} currency={line.currency} />
  </>
);

/** Grouped by time first: a line has a place on an axis. */
export const isOverTime = ({ groupBy: [first] }: Report): boolean => first === 'day' || first === 'hour';

type Props = { report: Report; zone: string; days: readonly number[] };

export const ReportChart = (props: Props) => {
  const { report } = props;
  if (isOverTime(report)) return <OverTime {...props} />;
  return <Bars items={report.items} />;
};
