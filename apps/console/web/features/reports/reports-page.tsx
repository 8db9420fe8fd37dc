import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { formatCount } from '../../lib/amount';
import { downloadCsv } from '../../lib/csv';
import { daysOf, queryOf, type ReportView } from '../../lib/report-view';
import { daysBetween, duration } from '../../lib/time';
import { useView } from '../../lib/use-search';
import { t } from '../../texts/texts';
import { DataTable, More, type Sort } from '../../ui/data-table';
import { Icon } from '../../ui/icon';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded } from '../../ui/states';
import { useNow } from '../../ui/values';
import { SavedViews } from '../views/saved-views';
import { isOverTime, ReportChart } from './report-chart';
import { reportColumns } from './report-columns';
import { ReportControls } from './report-controls';
import { useReport, type Figures, type Line, type Report } from './report';
import styles from './reports.module.css';

const texts = t.reports;

const sortOf = (text: string | undefined): Sort | undefined =>
  text === undefined ? undefined : { by: text.replace(/^-/, ''), descending: text.startsWith('-') };

const asLine = (figures: Figures): Line => ({
  ...figures,
  key: [],
  conversionsAt: {},
  previous: null,
  details: null,
});

const Csv = ({ query }: { query: Record<string, string> }) => {
  const download = (): void =>
    void downloadCsv('/api/v1/reports', query, `report-${query['from'] ?? ''}.csv`).catch(() =>
      notifications.show({ message: texts.csvFailed, color: 'red' }),
    );
  return (
    <Button variant="default" leftSection={<Icon name="download" size={16} />} onClick={download}>
      {texts.csv}
    </Button>
  );
};

type TableProps = {
  report: Report;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
  zone: string;
  all: boolean;
};

const Table = ({ report, sort, onSort, zone, all }: TableProps) => {
  const columns = useMemo(() => reportColumns(report.groupBy, all), [report.groupBy, all]);
  return (
    <>
      <DataTable
        label={texts.table}
        columns={columns}
        rows={report.items}
        keyOf={(line) => `${JSON.stringify(line.key)} ${line.currency}`}
        totals={report.totals.map(asLine)}
        sort={sort}
        onSort={onSort}
      />
      <p className={styles.note}>
        {report.linesLeft > 0 && `${texts.rest(formatCount(report.linesLeft))}. `}
        {report.behindSeconds !== null &&
          report.behindSeconds > 5 &&
          `${texts.behind(duration(report.behindSeconds * 1_000))} `}
        {texts.asOfNow(zone)} {texts.howCounted}
      </p>
    </>
  );
};

export const ReportsPage = () => {
  const [view, change] = useView<ReportView>();
  const now = useNow(60_000);
  const query = useMemo(() => queryOf(view, now), [view, now]);
  const { zone, from, to } = daysOf(view, now);
  const days = useMemo(() => daysBetween(from, to), [from, to]);
  const report = useReport(query);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <>
          <SavedViews page="/reports" />
          <Csv query={query} />
        </>
      }
    >
      <Card>
        <ReportControls view={view} change={change} now={now} />
      </Card>
      <Loaded query={report.query} rows={10}>
        {(data) =>
          data.items.length === 0 ? (
            <Card>
              <Empty title={texts.empty.title}>{texts.empty.text}</Empty>
            </Card>
          ) : (
            <div className={`${styles.result} ${report.isPlaceholderData ? styles.loading : ''}`}>
              <Card title={isOverTime(data) ? texts.overTime : texts.profitByLine}>
                <ReportChart report={data} zone={zone} days={days} />
              </Card>
              <Card flush label={texts.table}>
                <Table
                  report={data}
                  zone={zone}
                  all={view.all !== undefined}
                  sort={sortOf(view.sort)}
                  onSort={({ by, descending }) => change({ sort: descending ? `-${by}` : by })}
                />
                {report.more.hasMore && <More {...report.more} />}
              </Card>
            </div>
          )
        }
      </Loaded>
    </Page>
  );
};
