import { Button } from '@mantine/core';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { t } from '../texts/texts';
import styles from './data-table.module.css';

/** One table for every list: semantic rows on a wide screen, cards on a narrow one, and only the
 * rows in sight when there are many. */

export type Column<Row extends object> = {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  nowrap?: boolean;
  /** The full width of a card on a narrow screen. */
  wide?: boolean;
  /** The server can sort by it. */
  sortable?: boolean;
};
export type Sort = { by: string; descending: boolean };

type Props<Row extends object> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selected?: string | undefined;
  totals?: readonly Row[];
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
};

const features = tableFeatures({});
/** More columns than this have less room each. */
const denseFrom = 9;
/** Below this many rows a browser lays out all of them faster than it can scroll. */
const virtualFrom = 150;

const classesOf = <Row extends object>({ numeric, nowrap, wide }: Column<Row>): string =>
  [numeric && styles.numeric, nowrap && styles.nowrap, wide && styles.wide].filter(Boolean).join(' ');

const HeaderCell = <Row extends object>({
  column,
  sort,
  onSort,
}: { column: Column<Row> } & Pick<Props<Row>, 'sort' | 'onSort'>) => {
  if (!column.sortable || !onSort) return column.header;
  const isSorted = sort?.by === column.id;
  const descending = isSorted ? !sort.descending : true;
  return (
    <button type="button" className={styles.sort} onClick={() => onSort({ by: column.id, descending })}>
      {column.header}
      {isSorted && <span aria-hidden="true">{sort.descending ? '↓' : '↑'}</span>}
    </button>
  );
};

/** The rows in sight, and the height of those above and below. */
const useVisible = (count: number) => {
  const body = useRef<HTMLTableSectionElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset(body.current?.offsetTop ?? 0), []);
  const isVirtual = count >= virtualFrom;
  const virtualizer = useWindowVirtualizer({
    count: isVirtual ? count : 0,
    estimateSize: () => 42,
    overscan: 12,
    scrollMargin: offset,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    body,
    measure: virtualizer.measureElement,
    indexes: isVirtual ? items.map(({ index }) => index) : Array.from({ length: count }, (_, at) => at),
    above: isVirtual && first ? first.start - offset : 0,
    below: isVirtual && last ? virtualizer.getTotalSize() - (last.end - offset) : 0,
  };
};

const isControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('a, button, input, label') !== null;

const Spacer = ({ height, columns }: { height: number; columns: number }) =>
  height > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 'none' }} />
    </tr>
  ) : null;

export const DataTable = <Row extends object>(props: Props<Row>) => {
  const { label, columns, rows, keyOf, onOpen, selected, totals, sort, onSort } = props;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map(({ id, header }) => helper.display({ id, header }));
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: keyOf });
  const model = table.getRowModel().rows;
  const visible = useVisible(model.length);
  const cells = (row: Row) =>
    columns.map((column) => (
      <td key={column.id} data-label={column.header} className={classesOf(column)}>
        {column.cell(row)}
      </td>
    ));
  return (
    <div className={styles.wrap} tabIndex={0} role="region" aria-label={label}>
      <table className={`${styles.table} ${styles.cards} ${columns.length >= denseFrom ? styles.dense : ''}`}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id }) => {
                const column = byId.get(id);
                return (
                  column && (
                    <th
                      key={id}
                      scope="col"
                      className={column.numeric ? styles.numeric : ''}
                      {...(sort?.by === id && { 'aria-sort': sort.descending ? 'descending' : 'ascending' })}
                    >
                      <HeaderCell column={column} sort={sort} {...(onSort && { onSort })} />
                    </th>
                  )
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody ref={visible.body}>
          {totals?.map((row, at) => (
            <tr key={at} className={styles.totals}>
              {cells(row)}
            </tr>
          ))}
          <Spacer height={visible.above} columns={columns.length} />
          {visible.indexes.map((index) => {
            const row = model[index];
            return (
              row && (
                <tr
                  key={row.id}
                  ref={visible.measure}
                  data-index={index}
                  className={`${onOpen ? styles.openable : ''} ${row.id === selected ? styles.selected : ''}`}
                  {...(onOpen && { onClick: (event) => !isControl(event) && onOpen(row.original) })}
                >
                  {cells(row.original)}
                </tr>
              )
            );
          })}
          <Spacer height={visible.below} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
};

/** The keyboard's way into a row. */
export const OpenButton = ({
  onClick,
  children,
  label,
}: {
  onClick: () => void;
  children: ReactNode;
  label?: string;
}) => (
  <button type="button" className={styles.open} onClick={onClick} {...(label && { 'aria-label': label })}>
    {children}
  </button>
);

/** Below a list that pages by cursor. */
export const More = ({ hasMore, isLoading, load }: { hasMore: boolean; isLoading: boolean; load: () => void }) => (
  <div className={styles.foot}>
    {hasMore ? (
      <Button variant="default" loading={isLoading} onClick={load}>
        {t.states.more}
      </Button>
    ) : (
      t.states.end
    )}
  </div>
);
