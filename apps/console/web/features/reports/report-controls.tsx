import { Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { browserZone, localInput } from '../../lib/time';
import { daysOf, filterNames, groupsOf, maxGroups, type ReportView } from '../../lib/report-view';
import { t, wordOf } from '../../texts/texts';
import { FilterChip } from '../../ui/filters';
import { groupName } from './report-columns';
import styles from './reports.module.css';

const texts = t.reports;
type Props = { view: ReportView; change: (part: ReportView) => void; now: number };

const plain = Object.keys(texts.groups);
const zones = (): string[] => [...new Set([browserZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];

const Groups = ({ view, change }: Omit<Props, 'now'>) => {
  const groups = groupsOf(view);
  return (
    <>
      <MultiSelect
        className={styles.wide ?? ''}
        label={texts.groupBy}
        data={[...new Set([...plain, ...groups])].map((value) => ({ value, label: groupName(value) }))}
        value={groups}
        onChange={(values) => change({ by: values.length === 0 ? undefined : values.join(','), sort: undefined })}
        maxValues={maxGroups}
        searchable
      />
      <TokenGroup groups={groups} change={change} />
    </>
  );
};

const TokenGroup = ({ groups, change }: { groups: string[]; change: Props['change'] }) => {
  const [name, setName] = useState('');
  const add = (): void => {
    const group = `token.${name.trim()}`;
    if (/^token\.\w{1,40}$/.test(group) && !groups.includes(group))
      change({ by: [...groups, group].slice(-maxGroups).join(',') });
    setName('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextInput
        className={styles.small ?? ''}
        label={texts.addToken}
        placeholder="zone"
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onBlur={() => name !== '' && add()}
      />
    </form>
  );
};

/** Empty: each amount in its own currency. */
const CurrencyInput = ({ view, change }: Omit<Props, 'now'>) => {
  const [text, setText] = useState(view.currency ?? '');
  const set = (): void => change({ currency: text.trim() === '' ? undefined : text.trim().toUpperCase() });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        set();
      }}
    >
      <TextInput
        className={styles.small ?? ''}
        label={texts.currency}
        placeholder={texts.currencyHint}
        maxLength={8}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => text.trim().toUpperCase() !== (view.currency ?? '') && set()}
      />
    </form>
  );
};

const Days = ({ view, change, now }: Props) => {
  const { from, to } = daysOf(view, now);
  return (
    <>
      <TextInput
        className={styles.small ?? ''}
        label={texts.from}
        type="date"
        value={from}
        max={to}
        onChange={({ currentTarget: { value } }) => value !== '' && change({ from: value, to, range: undefined })}
      />
      <TextInput
        className={styles.small ?? ''}
        label={texts.to}
        type="date"
        value={to}
        min={from}
        onChange={({ currentTarget: { value } }) => value !== '' && change({ from, to: value, range: undefined })}
      />
    </>
  );
};

const Filters = ({ view, change }: Omit<Props, 'now'>) =>
  filterNames
    .filter((name) => view[name])
    .map((name) => (
      <FilterChip key={name} name={name} value={view[name] ?? ''} onRemove={() => change({ [name]: undefined })} />
    ));

/** The controls of the report. Their state is in the address. */
export const ReportControls = (props: Props) => {
  const { view, change, now } = props;
  return (
    <div className={styles.controls} role="group" aria-label={t.log.filters.label}>
      <Groups view={view} change={change} />
      <Days {...props} />
      <Select
        className={styles.small ?? ''}
        label={texts.zone}
        data={zones()}
        value={view.zone ?? browserZone}
        onChange={(zone) => change({ zone: zone ?? undefined })}
        searchable
        allowDeselect={false}
      />
      <CurrencyInput key={view.currency} view={view} change={change} />
      <Select
        className={styles.small ?? ''}
        label={texts.timeBy}
        data={Object.keys(texts.timeBys).map((value) => ({ value, label: wordOf(texts.timeBys, value) }))}
        value={view.timeBy ?? 'recorded'}
        onChange={(timeBy) => change({ timeBy: timeBy === 'recorded' ? undefined : (timeBy ?? undefined) })}
        allowDeselect={false}
      />
      <TextInput
        className={styles.moment ?? ''}
        label={texts.asOf}
        type="datetime-local"
        value={view.asOf ? localInput(view.asOf) : ''}
        max={localInput(new Date(now).toISOString())}
        onChange={({ currentTarget: { value } }) =>
          change({ asOf: value === '' ? undefined : new Date(value).toISOString() })
        }
      />
      <Checkbox
        label={texts.compare}
        checked={view.compare !== undefined}
        onChange={({ currentTarget }) => change({ compare: currentTarget.checked ? '1' : undefined })}
        mb={8}
      />
      <Checkbox
        label={texts.all}
        checked={view.all !== undefined}
        onChange={({ currentTarget }) => change({ all: currentTarget.checked ? '1' : undefined })}
        mb={8}
      />
      <Filters view={view} change={change} />
    </div>
  );
};
