import { Link } from '@tanstack/react-router';
import { formatCount } from '../../lib/amount';
import { t, wordOf } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import { Card } from '../../ui/page';
import { Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { Amount } from '../../ui/values';
import type { UploadResult, UploadRow } from './upload';
import styles from './uploads.module.css';

const texts = t.uploads;

const readsAs = ({ read }: UploadRow): string =>
  Object.entries(read ?? {})
    .filter(([, value]) => value !== null)
    .map(([field, value]) => `${wordOf(t.words.field, field)} ${value}`)
    .join(' · ');

const tones = { accepted: 'good', refused: 'bad', failed: 'bad', skipped: 'calm' } as const;

const rowColumns: Column<UploadRow>[] = [
  { id: 'row', header: texts.row, numeric: true, cell: ({ row }) => formatCount(row) },
  {
    id: 'outcome',
    header: texts.outcome,
    cell: ({ outcome, code, detail }) => (
      <>
        <Tag tone={tones[outcome]}>{wordOf(texts.outcomes, outcome)}</Tag> {code && wordOf(t.refusals, code)} {detail}
      </>
    ),
  },
  { id: 'reads', header: texts.reads, wide: true, cell: readsAs },
  {
    id: 'becomes',
    header: texts.becomes,
    cell: ({ conversion, outcome }) =>
      conversion ? (
        <Link to={`/conversions/${conversion.id}`}>{texts.known}</Link>
      ) : outcome === 'accepted' ? (
        texts.fresh
      ) : (
        '–'
      ),
  },
];

type Total = NonNullable<UploadResult['totals']>[number];
const totalColumns: Column<Total>[] = [
  {
    id: 'status',
    header: texts.totalsColumns.status,
    cell: ({ status }) => (status === null ? texts.noStatus : wordOf(t.words.conversion, status)),
  },
  { id: 'rows', header: texts.totalsColumns.rows, numeric: true, cell: ({ rows }) => formatCount(rows) },
  {
    id: 'amount',
    header: texts.totalsColumns.amount,
    numeric: true,
    cell: ({ amount, currency }) => <Amount amount={amount} currency={currency ?? texts.noCurrency} dimZero={false} />,
  },
  { id: 'unknown', header: texts.totalsColumns.unknown, numeric: true, cell: ({ unknown }) => formatCount(unknown) },
];

const Counts = ({ counts }: { counts: UploadResult['counts'] }) => (
  <dl className={styles.counts}>
    {Object.entries(counts).map(([name, count]) => (
      <div key={name}>
        <dt>{wordOf(texts.counts, name)}</dt>
        <dd>{formatCount(count)}</dd>
      </div>
    ))}
  </dl>
);

/** Refused rows first; among equals the order of the file. */
const rank = { failed: 0, refused: 1, skipped: 2, accepted: 3 };
const byNeed = (a: UploadRow, b: UploadRow): number => rank[a.outcome] - rank[b.outcome] || a.row - b.row;

/** What the rows of a file say, or what became of them. */
export const Result = ({ result }: { result: UploadResult }) => {
  const { counts, totals = [], unusedColumns = [], rows, rowsNotNamed = 0, problem, dryRun, uploadId } = result;
  return (
    <>
      <Card>
        <p>
          {dryRun ? texts.checked : texts.applied}{' '}
          {!dryRun && (
            <Link to="/log" search={{ uploadId } as never}>
              {texts.log}
            </Link>
          )}
        </p>
        <Counts counts={counts} />
        {problem && <Refused error={{ ...problem, title: t.states.failed, status: 422, type: 'about:blank' }} />}
        {unusedColumns.length > 0 && <p className={styles.quiet}>{texts.unused(unusedColumns.join(', '))}</p>}
      </Card>
      {totals.length > 0 && (
        <Card title={texts.totals} note={texts.totalsNote} flush>
          <DataTable
            label={texts.totals}
            columns={totalColumns}
            rows={totals}
            keyOf={({ status, currency }) => `${status} ${currency}`}
          />
        </Card>
      )}
      <Card title={texts.rows} note={texts.rowsFirst} flush>
        <DataTable
          label={texts.rows}
          columns={rowColumns}
          rows={rows.toSorted(byNeed)}
          keyOf={({ row }) => String(row)}
        />
        {rowsNotNamed > 0 && <p className={styles.foot}>{texts.notNamed(formatCount(rowsNotNamed))}</p>}
      </Card>
    </>
  );
};
