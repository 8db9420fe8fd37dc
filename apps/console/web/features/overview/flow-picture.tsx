import { Link } from '@tanstack/react-router';
import { formatCount, formatShare } from '../../lib/amount';
import { bandsOf, type Flow } from '../../lib/flow';
import type { Search } from '../../lib/search-params';
import { t, wordOf } from '../../texts/texts';
import { tones, type Tone } from '../../ui/tag';
import styles from './overview.module.css';

/** Clicks, calls, their outcomes, and what was sent on, in one picture. Every number is a link. */

const texts = t.overview.flow;
const nodeHeight = 62;
const gap = 10;
/** The room between two columns, in the units of the drawing. */
const bandLength = 100;
const maxBand = 44;

type NodeProps = { tone: Tone; count: number; name: string; total?: number; to: string; search?: Search };

const Node = ({ tone, count, name, total, to, search }: NodeProps) => (
  <Link to={to} search={(search ?? {}) as never} className={`${styles.node} ${styles[tone]}`}>
    <span className={styles.number}>
      {formatCount(count)}
      {total !== undefined && total > 0 && <span className={styles.share}>{formatShare(count / total)}</span>}
    </span>
    <span className={styles.name}>{name}</span>
  </Link>
);

const middleOf = (index: number, count: number, height: number): number => {
  const whole = count * nodeHeight + (count - 1) * gap;
  return (height - whole) / 2 + index * (nodeHeight + gap) + nodeHeight / 2;
};

type BandsProps = {
  counts: readonly number[];
  names: readonly string[];
  from: { index: number; of: number };
  height: number;
};

/** Curved bands from one node to the nodes of the next column; their widths are shares. */
const Bands = ({ counts, names, from, height }: BandsProps) => {
  const start = middleOf(from.index, from.of, height);
  return (
    <svg
      className={`${styles.bands} ${styles.gap}`}
      viewBox={`0 0 ${bandLength} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {bandsOf(counts, maxBand).map((band) => {
        const y1 = start + band.from;
        const y2 = middleOf(band.to, counts.length, height);
        const half = bandLength / 2;
        return (
          <path
            key={band.to}
            className={styles[tones[names[band.to] ?? ''] ?? 'calm']}
            d={`M0 ${y1} C ${half} ${y1}, ${half} ${y2}, ${bandLength} ${y2}`}
            fill="none"
            stroke="currentColor"
            strokeOpacity="0.35"
            strokeWidth={band.width}
          />
        );
      })}
    </svg>
  );
};

const outcomes = ['applied', 'duplicate', 'refused', 'orphan', 'parked'] as const;
const sendings = ['delivered', 'waiting', 'parked', 'superseded'] as const;

/** The dashed line from the clicks to the calls. */
const ClickLine = ({ height }: { height: number }) => (
  <svg
    className={`${styles.bands} ${styles.gap}`}
    viewBox={`0 0 ${bandLength} ${height}`}
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path
      d={`M0 ${height / 2} H ${bandLength}`}
      className={styles.info}
      stroke="currentColor"
      strokeOpacity="0.5"
      strokeWidth="2"
      strokeDasharray="5 6"
    />
  </svg>
);

export const FlowPicture = ({ flow, range }: { flow: Flow; range: string }) => {
  const height = outcomes.length * nodeHeight + (outcomes.length - 1) * gap;
  const time: Search = { range };
  return (
    <div className={styles.flow}>
      <div className={styles.column}>
        <Node tone="info" count={flow.clicks} name={texts.clicks} to="/reports" search={time} />
      </div>
      <ClickLine height={height} />
      <div className={styles.column}>
        <Node tone="info" count={flow.calls} name={texts.postbacks} to="/log" search={time} />
      </div>
      <Bands
        counts={outcomes.map((name) => flow.postbacks[name])}
        names={outcomes}
        from={{ index: 0, of: 1 }}
        height={height}
      />
      <div className={styles.column}>
        <span className={styles.columnName}>{texts.outcomesTitle}</span>
        {outcomes.map((state) => (
          <Node
            key={state}
            tone={tones[state] ?? 'calm'}
            count={flow.postbacks[state]}
            total={flow.calls}
            name={wordOf(texts.outcomes, state)}
            to="/log"
            search={{ ...time, state }}
          />
        ))}
      </div>
      <Bands
        counts={sendings.map((name) => flow.deliveries[name])}
        names={sendings}
        from={{ index: 0, of: outcomes.length }}
        height={height}
      />
      <div className={styles.column}>
        <span className={styles.columnName}>{texts.deliveriesTitle}</span>
        {sendings.map((state) => (
          <Node
            key={state}
            tone={tones[state] ?? 'calm'}
            count={flow.deliveries[state]}
            total={flow.owed}
            name={wordOf(texts.deliveries, state)}
            to="/deliveries"
            search={{ ...time, state: state === 'waiting' ? 'waiting,sending' : state }}
          />
        ))}
      </div>
    </div>
  );
};
