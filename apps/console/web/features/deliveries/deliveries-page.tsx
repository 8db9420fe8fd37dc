import { Select } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { useMay } from '../../app/session';
import type { Search } from '../../lib/search-params';
import { rangeNames, startOf } from '../../lib/time-range';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { FilterBar, FilterChip, Pills } from '../../ui/filters';
import { Card, Page } from '../../ui/page';
import { useNow } from '../../ui/values';
import styles from '../log/log.module.css';
import { SavedViews } from '../views/saved-views';
import { deliveryFilterNames, deliveryStates, useDestinations } from './delivery';
import { DeliveryDrawer } from './delivery-drawer';
import { DeliveryList } from './delivery-list';
import { DestinationCards } from './destination-cards';
import { SendAgain } from './send-again';

const texts = t.deliveries;
const controlled = new Set(['state', 'destinationKey']);

const Filters = ({ view, change }: { view: Search; change: (part: Search) => void }) => {
  const { data } = useDestinations();
  const keys = (data?.items ?? []).map(({ destinationKey }) => destinationKey);
  const others = [...deliveryFilterNames, 'from', 'to'].filter((name) => !controlled.has(name) && view[name]);
  return (
    <FilterBar label={t.log.filters.label}>
      <div className={styles.bar}>
        <Pills
          label={texts.columns.result}
          of={deliveryStates.map((value) => ({ value, label: wordOf(t.words.delivery, value) }))}
          value={view.state}
          all={texts.all}
          onChange={(state) => change({ state })}
        />
      </div>
      <div className={styles.bar}>
        <Select
          className={styles.select}
          aria-label={texts.destination}
          placeholder={texts.anyDestination}
          data={[...new Set([...keys, ...(view.destinationKey ? [view.destinationKey] : [])])]}
          value={view.destinationKey ?? null}
          onChange={(destinationKey) => change({ destinationKey: destinationKey ?? undefined })}
          clearable
          searchable
        />
        <Select
          className={styles.select}
          aria-label={t.log.filters.time}
          data={rangeNames.map((value) => ({ value, label: wordOf(t.log.filters.range, value) }))}
          value={view.range ?? 'all'}
          onChange={(range) =>
            change({ range: range === 'all' ? undefined : (range ?? undefined), from: undefined, to: undefined })
          }
          allowDeselect={false}
        />
        {others.map((name) => (
          <FilterChip key={name} name={name} value={view[name] ?? ''} onRemove={() => change({ [name]: undefined })} />
        ))}
      </div>
    </FilterBar>
  );
};

export const DeliveriesPage = () => {
  const [view, change] = useView();
  const mayEdit = useMay('editor');
  const now = useNow(60_000);
  const filters = useMemo(() => {
    const named = Object.fromEntries(deliveryFilterNames.flatMap((name) => (view[name] ? [[name, view[name]]] : [])));
    const from = view.from ?? startOf(view.range ?? 'all', now);
    return { ...named, ...(from && { from }), ...(view.to && { to: view.to }) } as Record<string, string>;
  }, [view, now]);
  const open = useCallback((id: string) => change({ open: id }, 'push'), [change]);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <>
          <SavedViews page="/deliveries" />
          {mayEdit && <SendAgain filters={filters} />}
        </>
      }
    >
      <DestinationCards />
      <Card flush label={texts.table}>
        <Filters view={view} change={change} />
        <DeliveryList filters={filters} selected={view.open} open={open} />
      </Card>
      <DeliveryDrawer id={view.open} onClose={() => change({ open: undefined })} />
    </Page>
  );
};
