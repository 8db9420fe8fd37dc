import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useList } from '../../api/list';
import type { Search } from '../../lib/search-params';
import { rangeNames } from '../../lib/time-range';
import { useView } from '../../lib/use-search';
import { maxHeld, useStream, type StreamState } from '../../lib/use-stream';
import { t, wordOf } from '../../texts/texts';
import { DataTable, More } from '../../ui/data-table';
import { FilterBar, FilterChip, FilterGap, Pills } from '../../ui/filters';
import { Icon } from '../../ui/icon';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded } from '../../ui/states';
import { useNow } from '../../ui/values';
import { useCatalogKeys } from '../catalog/catalog-keys';
import { SavedViews } from '../views/saved-views';
import { logColumns } from './log-columns';
import { PostbackDrawer } from './postback-drawer';
import { filterNames, filtersOf, states, type PostbackItem } from './postbacks';
import styles from './log.module.css';

const texts = t.log;
/** Filters with a control of their own; others show as chips. */
const controlled = new Set(['state', 'networkKey', 'refusal', 'text']);

type FilterProps = { view: Search; change: (part: Search) => void };

const States = ({ view, change }: FilterProps) => (
  <Pills
    label={texts.columns.result}
    of={states.map((value) => ({ value, label: wordOf(t.words.postback, value) }))}
    value={view.state}
    all={texts.all}
    onChange={(state) => change({ state })}
  />
);

const Filters = ({ view, change }: FilterProps) => {
  const networks = useCatalogKeys('networks');
  return (
    <div className={styles.bar}>
      <Select
        className={styles.select}
        size="sm"
        aria-label={texts.filters.network}
        placeholder={texts.filters.anyNetwork}
        data={networks}
        value={view.networkKey ?? null}
        onChange={(networkKey) => change({ networkKey: networkKey ?? undefined })}
        clearable
        searchable
      />
      <Select
        className={styles.select}
        size="sm"
        aria-label={texts.filters.reason}
        placeholder={texts.filters.anyReason}
        data={Object.entries(t.refusals).map(([value, label]) => ({ value, label }))}
        value={view.refusal ?? null}
        onChange={(refusal) => change({ refusal: refusal ?? undefined })}
        clearable
        searchable
      />
      <Select
        className={styles.select}
        size="sm"
        aria-label={texts.filters.time}
        data={rangeNames.map((value) => ({ value, label: wordOf(texts.filters.range, value) }))}
        value={view.range ?? 'all'}
        onChange={(range) =>
          change({ range: range === 'all' ? undefined : (range ?? undefined), from: undefined, to: undefined })
        }
        allowDeselect={false}
      />
      <IdFilter view={view} change={change} />
    </div>
  );
};

const IdFilter = ({ view, change }: { view: Search; change: (part: Search) => void }) => {
  const [text, setText] = useState(view.text ?? '');
  return (
    <form
      className={styles.id}
      onSubmit={(event) => {
        event.preventDefault();
        change({ text: text.trim() === '' ? undefined : text.trim() });
      }}
    >
      <TextInput
        size="sm"
        aria-label={texts.filters.id}
        placeholder={texts.filters.id}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={({ currentTarget }) => currentTarget.form?.requestSubmit()}
        leftSection={<Icon name="search" size={14} />}
        spellCheck={false}
      />
    </form>
  );
};

const Chips = ({ view, change }: { view: Search; change: (part: Search) => void }) => {
  const others = [...filterNames, 'from', 'to'].filter((name) => !controlled.has(name) && view[name] !== undefined);
  if (others.length === 0) return null;
  return (
    <div className={styles.bar}>
      <span className={styles.dim}>{texts.filters.active}</span>
      {others.map((name) => (
        <FilterChip key={name} name={name} value={view[name] ?? ''} onRemove={() => change({ [name]: undefined })} />
      ))}
    </div>
  );
};

type StreamProps = { held: number; state: StreamState; show: () => void; paused: boolean; toggle: () => void };

/** Keeps its place, so that no row moves when calls come in. */
const StreamBar = ({ held, state, show, paused, toggle }: StreamProps) => (
  <>
    <FilterGap />
    <span aria-live="polite">
      {held > 0 && (
        <Button size="compact-sm" onClick={show}>
          {held > maxHeld ? texts.manyNew(maxHeld) : texts.newRows(held)}
        </Button>
      )}
    </span>
    <span className={styles.live} data-state={state}>
      {texts.stream[state]}
    </span>
    <ActionIcon variant="subtle" color="gray" onClick={toggle} aria-label={paused ? texts.resume : texts.pause}>
      <Icon name={paused ? 'play' : 'pause'} size={16} />
    </ActionIcon>
  </>
);

const NoCalls = ({ filtered, clear }: { filtered: boolean; clear: () => void }) =>
  filtered ? (
    <Empty
      title={texts.empty.filtered}
      actions={
        <Button variant="default" onClick={clear}>
          {texts.filters.clear}
        </Button>
      }
    >
      {texts.empty.filteredText}
    </Empty>
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

const useLog = () => {
  const [view, change] = useView();
  const now = useNow(60_000);
  const filters = useMemo(() => filtersOf(view, now), [view, now]);
  const { query, rows, more } = useList('/api/v1/postbacks', filters);
  const [paused, setPaused] = useState(false);
  const { from: _from, to: _to, ...live } = filters;
  // The stream knows no search in the text of a call, and nothing new belongs before an end.
  const isStreamed = view.to === undefined && view.text === undefined;
  const stream = useStream<PostbackItem>('/api/v1/postbacks/stream', live, isStreamed ? paused : null);
  const queries = useQueryClient();
  const show = (): void => {
    stream.clear();
    void queries.invalidateQueries({ queryKey: ['get', '/api/v1/postbacks'] });
  };
  return { view, change, filters, query, rows, more, stream, show, paused, toggle: () => setPaused(!paused) };
};

export const LogPage = () => {
  const { view, change, filters, query, rows, more, stream, show, paused, toggle } = useLog();
  const clear = (): void =>
    change(Object.fromEntries([...filterNames, 'range', 'from', 'to'].map((name) => [name, undefined])));
  const open = (id: string | undefined): void => change({ open: id }, id === undefined ? 'replace' : 'push');
  const columns = useMemo(() => logColumns((row) => open(row.id)), [change]);
  const fresh = stream.held.filter(({ id }) => !rows.some((row) => row.id === id)).length;
  return (
    <Page title={texts.title} lead={texts.lead} actions={<SavedViews page="/log" />}>
      <Card flush label={texts.table}>
        <FilterBar label={texts.filters.label}>
          <div className={styles.bar}>
            <States view={view} change={change} />
            <StreamBar held={fresh} state={stream.state} show={show} paused={paused} toggle={toggle} />
          </div>
          <Filters view={view} change={change} />
          <Chips view={view} change={change} />
        </FilterBar>
        <Loaded query={query} rows={12}>
          {() =>
            rows.length === 0 && !more.hasMore ? (
              <NoCalls filtered={Object.keys(filters).length > 0} clear={clear} />
            ) : (
              <>
                <DataTable
                  label={texts.table}
                  columns={columns}
                  rows={rows}
                  keyOf={({ id }) => id}
                  onOpen={({ id }) => open(id)}
                  selected={view.open}
                />
                <More {...more} />
              </>
            )
          }
        </Loaded>
      </Card>
      <PostbackDrawer id={view.open} onClose={() => open(undefined)} />
    </Page>
  );
};
