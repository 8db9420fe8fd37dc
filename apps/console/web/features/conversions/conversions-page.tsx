import { Button, Checkbox, Select } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useList } from '../../api/list';
import type { Search } from '../../lib/search-params';
import { rangeNames, startOf } from '../../lib/time-range';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { DataTable, More, type Column } from '../../ui/data-table';
import { FilterBar, FilterChip, Pills } from '../../ui/filters';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded } from '../../ui/states';
import { MarkTags, StateTag } from '../../ui/tag';
import { Amount, useNow, When } from '../../ui/values';
import { useCatalogKeys } from '../catalog/catalog-keys';
import { SavedViews } from '../views/saved-views';
import { conversionFilterNames, heldBuckets, type ConversionItem } from './conversion';
import styles from '../log/log.module.css';

const texts = t.conversions;
const states = ['pending', 'approved', 'rejected', 'reversed'];
const controlled = new Set(['state', 'campaignKey', 'counted']);

/** What the conversion holds now, by bucket. Unknown money is shown as unknown, not left out. */
const MoneyOf = ({ row }: { row: ConversionItem }) => {
  if (row.money === null) return <Amount amount={null} />;
  const held = heldBuckets(row.money);
  if (held.length === 0) return <Amount amount="0" currency={row.currency} />;
  return held.map(([bucket, amount]) => (
    <div key={bucket}>
      <Amount amount={amount} currency={row.currency} />
    </div>
  ));
};

const columns: Column<ConversionItem>[] = [
  {
    id: 'time',
    header: texts.columns.time,
    nowrap: true,
    cell: (row) => (
      <Link to={`/conversions/${row.id}`}>
        <When at={row.recordedAt} />
      </Link>
    ),
  },
  {
    id: 'campaign',
    header: texts.columns.campaign,
    cell: (row) => row.campaignKey ?? <span className={styles.dim}>{texts.noCampaign}</span>,
  },
  { id: 'event', header: texts.columns.event, cell: (row) => row.event ?? <span className={styles.dim}>–</span> },
  {
    id: 'transaction',
    header: texts.columns.transaction,
    cell: (row) => row.transactionId ?? <span className={styles.dim}>–</span>,
  },
  {
    id: 'state',
    header: texts.columns.state,
    cell: (row) => (
      <span className={styles.says}>
        <StateTag kind="conversion" state={row.state} />
        <MarkTags marks={row.marks} />
      </span>
    ),
  },
  { id: 'money', header: texts.columns.money, numeric: true, cell: (row) => <MoneyOf row={row} /> },
];

const Filters = ({ view, change }: { view: Search; change: (part: Search) => void }) => {
  const campaigns = useCatalogKeys('campaigns');
  const others = [...conversionFilterNames, 'from', 'to'].filter((name) => !controlled.has(name) && view[name]);
  return (
    <FilterBar label={t.log.filters.label}>
      <div className={styles.bar}>
        <Pills
          label={texts.columns.state}
          of={states.map((value) => ({ value, label: wordOf(t.words.conversion, value) }))}
          value={view.state}
          all={texts.allStates}
          onChange={(state) => change({ state })}
        />
      </div>
      <div className={styles.bar}>
        <Select
          className={styles.select}
          aria-label={texts.campaign}
          placeholder={texts.anyCampaign}
          data={campaigns}
          value={view.campaignKey ?? null}
          onChange={(campaignKey) => change({ campaignKey: campaignKey ?? undefined })}
          clearable
          searchable
        />
        <Select
          className={styles.select}
          aria-label={texts.range}
          data={rangeNames.map((value) => ({ value, label: wordOf(t.log.filters.range, value) }))}
          value={view.range ?? 'all'}
          onChange={(range) =>
            change({ range: range === 'all' ? undefined : (range ?? undefined), from: undefined, to: undefined })
          }
          allowDeselect={false}
        />
        <Checkbox
          label={texts.counted}
          checked={view.counted === 'true'}
          onChange={({ currentTarget }) => change({ counted: currentTarget.checked ? 'true' : undefined })}
        />
      </div>
      {others.length > 0 && (
        <div className={styles.bar}>
          <span className={styles.dim}>{texts.alsoBy}</span>
          {others.map((name) => (
            <FilterChip
              key={name}
              name={name}
              value={view[name] ?? ''}
              onRemove={() => change({ [name]: undefined })}
            />
          ))}
        </div>
      )}
    </FilterBar>
  );
};

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <Empty title={texts.empty.filtered}>{t.log.empty.filteredText}</Empty>
  ) : (
    <Empty
      title={texts.empty.title}
      actions={
        <Button component={Link} to="/setup">
          {texts.empty.action}
        </Button>
      }
    >
      {texts.empty.text}
    </Empty>
  );

export const ConversionsPage = () => {
  const [view, change] = useView();
  const navigate = useNavigate();
  const now = useNow(60_000);
  const filters = useMemo(() => {
    const named = Object.fromEntries(conversionFilterNames.flatMap((name) => (view[name] ? [[name, view[name]]] : [])));
    const from = view.from ?? startOf(view.range ?? 'all', now);
    return { ...named, ...(from && { from }), ...(view.to && { to: view.to }) } as Record<string, string>;
  }, [view, now]);
  const { query, rows, more } = useList('/api/v1/conversions', filters);
  return (
    <Page title={texts.title} lead={texts.lead} actions={<SavedViews page="/conversions" />}>
      <Card flush label={texts.table}>
        <Filters view={view} change={change} />
        <Loaded query={query} rows={12}>
          {() =>
            rows.length === 0 && !more.hasMore ? (
              <Nothing filtered={Object.keys(filters).length > 0} />
            ) : (
              <>
                <DataTable
                  label={texts.table}
                  columns={columns}
                  rows={rows}
                  keyOf={({ id }) => id}
                  onOpen={({ id }) => void navigate({ to: `/conversions/${id}` })}
                />
                <More {...more} />
              </>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
};
