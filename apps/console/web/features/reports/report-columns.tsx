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
      {amount === null ? '–' : <Amount amount={amount} currency={line.currency} bare />}
      {before && (
        <span className={styles.previous}>
          <Amount amount={before} currency={line.currency} bare />
        </span>
      )}
    </>
  );
};
/** A ratio, not money that anyone pays: four decimals are enough. */
const rateCell = (of: (figures: Figures) => string | null) =>
  moneyCell((figures) => {
    const rate = of(figures);
    return rate && Number(rate).toFixed(4);
  });
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

type Cell = Column<Line>['cell'];
/** Every figure with its cell, in the order of the columns. `main` ones are shown at first. */
const figures: readonly (readonly [id: string, cell: Cell, shown: 'main' | 'further'])[] = [
  ['clicks', countCell(({ clicks }) => clicks), 'main'],
  ['uniqueClicks', countCell(({ uniqueClicks }) => uniqueClicks), 'further'],
  ['conversions', (line) => <Conversions line={line} />, 'main'],
  ['pending', countCell(({ conversions }) => conversions.pending), 'further'],
  ['approved', countCell(({ conversions }) => conversions.approved), 'further'],
  ['rejected', countCell(({ conversions }) => conversions.rejected), 'further'],
  ['reversed', countCell(({ conversions }) => conversions.reversed), 'further'],
  ['cr', shareCell(({ cr }) => cr), 'main'],
  ['revenue', moneyCell(({ revenue }) => revenue), 'main'],
  ['cost', moneyCell(({ cost }) => cost), 'main'],
  ['profit', moneyCell(({ profit }) => profit), 'main'],
  ['roi', shareCell(({ roi }) => roi), 'main'],
  ['epc', rateCell(({ epc }) => epc), 'main'],
  ['averagePayout', rateCell(({ averagePayout }) => averagePayout), 'further'],
  ['pendingMoney', moneyCell(({ money }) => money.pending), 'main'],
  ['approvalRate', shareCell(({ approvalRate }) => approvalRate), 'main'],
];

export const groupName = (group: string): string =>
  group.startsWith('token.') ? texts.token(group.slice('token.'.length)) : wordOf(texts.groups, group);

/** One column per level, then the figures. A totals line has no key. */
export const reportColumns = (groupBy: readonly string[], all: boolean): Column<Line>[] => [
  ...groupBy.map((group, at): Column<Line> => ({
    id: `key${at}`,
    header: groupName(group),
    nowrap: true,
    cell: (line) => (line.key.length === 0 ? (at === 0 ? texts.total : '') : (line.key[at] ?? texts.none)),
  })),
  { id: 'currency', header: texts.currency, cell: ({ currency }) => currency },
  ...figures
    .filter(([, , shown]) => all || shown === 'main')
    .map(([id, cell]): Column<Line> => ({
      id,
      header: wordOf(texts.columns, id),
      numeric: true,
      sortable: true,
      cell,
    })),
];
