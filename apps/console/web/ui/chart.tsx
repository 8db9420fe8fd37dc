import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { formatCount, formatShort } from '../lib/amount';
import { pageLocale } from '../lib/locale';
import { browserZone, shortTime } from '../lib/time';
import styles from './chart.module.css';

/** A time series on a canvas. A table beside it holds the same data, because a screen reader cannot
 * read a canvas. */

export type Series = { label: string; colour: string; values: (number | null)[]; format?: (value: number) => string };

/** What is drawn: the series over their times, in seconds. */
type Drawn = { zone: string; times: readonly number[]; series: readonly Series[] };

const height = 250;
const colourOf = (element: Element, name: string): string => getComputedStyle(element).getPropertyValue(name).trim();

const dayStep = 86_400;
/** "14:00" within days, "29 Nov" from day to day. */
const timesOf = (zone: string) => {
  const clock = new Intl.DateTimeFormat(pageLocale, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(pageLocale, { timeZone: zone, day: 'numeric', month: 'short' });
  return (_plot: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] =>
    splits.map((at) => (step >= dayStep ? day : clock).format(at * 1_000));
};

/** From day to day no marks at hours. */
const dayMarks = [1, 2, 7, 14, 28, 91, 364].map((days) => days * dayStep);
const isDaily = (times: readonly number[]): boolean =>
  times.length > 1 && times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= dayStep - 7_200);

const axesOf = (element: Element, { zone, times, series }: Drawn): uPlot.Axis[] => {
  const format = series[0]?.format ?? formatShort;
  const common = { stroke: colourOf(element, '--carom-dim'), font: '12px system-ui, sans-serif' };
  const grid = { stroke: colourOf(element, '--carom-line'), width: 1 };
  return [
    {
      ...common,
      grid: { show: false },
      ticks: { ...grid, size: 4 },
      values: timesOf(zone),
      ...(isDaily(times) && { incrs: dayMarks }),
    },
    {
      ...common,
      grid,
      ticks: { show: false },
      size: 64,
      values: (_plot, values) => values.map((value) => format(value)),
    },
  ];
};

const maxMarkedPoints = 40;

const seriesOf = (element: Element, { label, colour, values }: Series): uPlot.Series => {
  const few = values.length <= maxMarkedPoints;
  const stroke = colourOf(element, colour);
  return {
    label,
    stroke,
    width: 2,
    fill: `${stroke}18`,
    points: { show: few, size: 7 },
    paths: uPlot.paths.stepped?.({ align: 1 }),
  };
};

const Legend = ({
  times,
  series,
  at,
  zone,
}: {
  times: readonly number[];
  series: readonly Series[];
  at: number | null;
  zone: string;
}) => (
  <div className={styles.legend} aria-hidden="true">
    {series.map(({ label, colour, values, format = formatCount }) => {
      const value = at === null ? null : values[at];
      return (
        <span key={label}>
          <span className={styles.swatch} style={{ background: `var(${colour})` }} />
          {label} {value !== null && value !== undefined && <strong>{format(value)}</strong>}
        </span>
      );
    })}
    <span>
      {at !== null && times[at] !== undefined && shortTime(new Date(times[at] * 1000).toISOString(), Date.now(), zone)}
    </span>
  </div>
);

const optionsOf = (
  element: Element,
  drawn: Drawn,
  { top, move }: { top: number | undefined; move: (at: number | null) => void },
): uPlot.Options => ({
  width: element.clientWidth,
  height,
  tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), drawn.zone),
  cursor: { y: false, drag: { x: false, y: false } },
  legend: { show: false },
  axes: axesOf(element, drawn),
  scales: {
    // One point alone has no extent of its own.
    x: { range: (_plot, min, max) => (min === max ? [min - dayStep / 2, max + dayStep / 2] : [min, max]) },
    y: { range: (_plot, _min, max) => [0, top ?? Math.max(1, max * 1.08)] },
  },
  series: [{}, ...drawn.series.map((each) => seriesOf(element, each))],
  hooks: { setCursor: [({ cursor }) => move(cursor.idx ?? null)] },
});

type Props = {
  label: string;
  times: number[];
  series: Series[];
  zone?: string;
  /** The end of the scale, where it does not depend on the values: 100 %. */
  top?: number;
};

export const Chart = ({ label, times, series, zone = browserZone, top }: Props) => {
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme();
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const names = series.map((each) => each.label + each.colour).join();
  const isLaidOut = width > 0;
  useEffect(() => {
    if (!box.current || !isLaidOut) return undefined;
    const data: uPlot.AlignedData = [times, ...series.map(({ values }) => values)];
    const made = new uPlot(optionsOf(box.current, { zone, times, series }, { top, move: setAt }), data, box.current);
    plot.current = made;
    return () => made.destroy();
  }, [isLaidOut, scheme, names, zone, isDaily(times)]);
  // New numbers and another width change the drawing that is there, so that nothing flickers.
  useEffect(() => plot.current?.setData([times, ...series.map(({ values }) => values)]), [times, series]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width]);
  return (
    <div ref={ref}>
      <Legend times={times} series={series} at={at} zone={zone} />
      <div ref={box} className={styles.chart} role="img" aria-label={label} />
    </div>
  );
};
