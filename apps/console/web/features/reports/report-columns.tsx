import { Link } from '@tanstack/react-router';
import { formatCount, formatShare } from '../../lib/amount';
import { t, wordOf } from '../../texts/texts';
import type { Column } from '../../ui/data-table';
import { Amount } from '../../ui/values';
import type { Figures, Line } from './report';
import styles from './reports.module.css';

const texts = t.reports;

const conversionsOf = ({ conversions }: Figures): number => conversions.pending + conversions.approved;

const countCell = (of: (figures: Figures) => number) => (line: Line) => (
  <>
    {formatCount(of(line))}
    {line.previous && <span className={styles.previous}>{formatCount(of(line.previous))}</span>}
  </>
);
const moneyCell = (of: (figures: Figures) => string | null) => (line: Line) => {
  const amount = of(line);
  const before = line.previous && of(line.previous);
  return (
    <>
      {amount === null ? '–' : <Amount amount={amount} currency={line.currency} />}
      {before && (
        <span className={styles.previous}>
          <Amount amount={before} currency={line.currency} />
        </span>
      )}
    </>
  );
};
const shareCell = (of: (figures: Figures) => string | null) => (line: Line) => (
  <>
    {formatShare(of(line))}
    {line.previous && <span className={styles.previous}>{formatShare(of(line.previous))}</span>}
  </>
);

/** The way to what is behind a line. */
const Conversions = ({ line }: { line: Line }) => {
  const count = formatCount(conversionsOf(line));
  const isTotal = Object.keys(line.conversionsAt).length === 0;
  return (
    <>
      {isTotal || conversionsOf(line) === 0 ? (
        count
      ) : (
        <Link to="/conversions" search={line.conversionsAt as never} aria-label={texts.openConversions(count)}>
          {count}
        </Link>
      )}
      {line.moneyUnknown > 0 && (
        <span className={styles.previous}>{texts.unknownMoney(formatCount(line.moneyUnknown))}</span>
      )}
      {line.previous && <span className={styles.previous}>{formatCount(conversionsOf(line.previous))}</span>}
    </>
  );
};

const figure = (id: string, cell: Column<Line>['cell']): Column<Line> => ({
  id,
  header: wordOf(texts.columns, id),
  numeric: true,
  sortable: true,
  cell,
});

const figures: Column<Line>[] = [
  figure(
    'clicks',
    countCell(({ clicks }) => clicks),
  ),
  figure('conversions', (line) => <Conversions line={line} />),
  figure(
    'cr',
    shareCell(({ cr }) => cr),
  ),
  figure(
    'approvalRate',
    shareCell(({ approvalRate }) => approvalRate),
  ),
  figure(
    'revenue',
    moneyCell(({ revenue }) => revenue),
  ),
  figure(
    'pendingMoney',
    moneyCell(({ money }) => money.pending),
  ),
  figure(
    'cost',
    moneyCell(({ cost }) => cost),
  ),
  figure(
    'profit',
    moneyCell(({ profit }) => profit),
  ),
  figure(
    'roi',
    shareCell(({ roi }) => roi),
  ),
  figure(
    'epc',
    moneyCell(({ epc }) => epc),
  ),
];

export const groupName = (group: string): string =>
  group.startsWith('token.') ? texts.token(group.slice('token.'.length)) : wordOf(texts.groups, group);

/** One column per level, then the figures. A totals line has no key. */
export const reportColumns = (groupBy: readonly string[]): Column<Line>[] => [
  ...groupBy.map((group, at): Column<Line> => ({
    id: `key${at}`,
    header: groupName(group),
    nowrap: true,
    cell: (line) => (line.key.length === 0 ? (at === 0 ? texts.total : '') : (line.key[at] ?? texts.none)),
  })),
  ...figures,
];
