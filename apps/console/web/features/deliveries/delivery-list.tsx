import { useMemo } from 'react';
import { useList } from '../../api/list';
import { t, wordOf } from '../../texts/texts';
import { DataTable, More, OpenButton, type Column } from '../../ui/data-table';
import { Empty, Loaded } from '../../ui/states';
import { StateTag } from '../../ui/tag';
import { When } from '../../ui/values';
import styles from '../log/log.module.css';
import type { DeliveryItem } from './delivery';

const texts = t.deliveries;

const Result = ({ row }: { row: DeliveryItem }) => {
  const last = row.lastAttempt;
  const answered = last && (last.status === null ? texts.noAnswer : texts.answered(last.status));
  // "status_503" says what the answer says already.
  const reason = row.reason && !row.reason.startsWith('status_') ? wordOf(t.words.reason, row.reason) : null;
  const notes = [reason, row.state === 'delivered' ? null : answered].filter(Boolean);
  return (
    <>
      <StateTag kind="delivery" state={row.state} />
      {notes.length > 0 && <span className={styles.reason}>{notes.join(' · ')}</span>}
    </>
  );
};

const columnsFor = (open: (id: string) => void): Column<DeliveryItem>[] => [
  {
    id: 'time',
    header: texts.columns.time,
    nowrap: true,
    cell: (row) => (
      <OpenButton onClick={() => open(row.id)}>
        <When at={row.createdAt} />
      </OpenButton>
    ),
  },
  { id: 'destination', header: texts.columns.destination, cell: (row) => row.destinationKey.replace(/^\w+:/, '') },
  { id: 'cause', header: texts.columns.cause, cell: (row) => wordOf(t.words.conversion, row.cause) },
  {
    id: 'external',
    header: texts.columns.external,
    cell: (row) => row.externalId ?? <span className={styles.dim}>–</span>,
  },
  {
    id: 'attempts',
    header: texts.columns.attempts,
    numeric: true,
    cell: (row) => texts.attempts(row.attemptCount),
  },
  { id: 'result', header: texts.columns.result, wide: true, cell: (row) => <Result row={row} /> },
];

/** Deliveries by these filters. */
export const DeliveryList = ({
  filters,
  selected,
  open,
}: {
  filters: Record<string, string>;
  selected: string | undefined;
  open: (id: string) => void;
}) => {
  const { query, rows, more } = useList('/api/v1/deliveries', filters);
  const columns = useMemo(() => columnsFor(open), [open]);
  return (
    <Loaded query={query} rows={10}>
      {() =>
        rows.length === 0 && !more.hasMore ? (
          Object.keys(filters).length > 0 ? (
            <Empty title={texts.empty.filtered} />
          ) : (
            <Empty title={texts.empty.title}>{texts.empty.text}</Empty>
          )
        ) : (
          <>
            <DataTable
              label={texts.table}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              onOpen={({ id }) => open(id)}
              selected={selected}
            />
            <More {...more} />
          </>
        )
      }
    </Loaded>
  );
};
