import { Button, NumberInput, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { formatCount } from '../../lib/amount';
import { isStated, withSetting, type Mapping } from '../../lib/report-file';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import { Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { changeEntry } from '../catalog/change-entry';
import type { Analysis } from './analysis';
import { Columns } from './columns';
import styles from './uploads.module.css';

const texts = t.uploads.found;
type Props = { found: Analysis; networkKey: string | null; mapping: Mapping; onChange: (mapping: Mapping) => void };

const choicesOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
const zones = Intl.supportedValuesOf('timeZone');
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** How the file is written; each can be stated instead. */
const Writing = ({ found, mapping, onChange }: Omit<Props, 'networkKey'>) => {
  const set = (name: string) => (value: string | number | null) => onChange(withSetting(mapping, name, value));
  const { amount, date } = found.formats;
  return (
    <div className={styles.found}>
      <Select
        label={texts.delimiter}
        data={choicesOf(texts.delimiters)}
        value={found.delimiter}
        onChange={set('delimiter')}
        allowDeselect={false}
      />
      <NumberInput
        label={texts.headerRow}
        value={found.headerRow ?? ''}
        placeholder={texts.nothingFound}
        onChange={(row) => typeof row === 'number' && row !== found.headerRow && set('headerRow')(row)}
        min={1}
        max={100}
      />
      <Select
        label={texts.amountFormat}
        placeholder={texts.amountFound[amount] ?? texts.byFile}
        data={choicesOf(texts.amountFormats)}
        value={textOf(mapping['amountFormat']) ?? (amount in texts.amountFormats ? amount : null)}
        onChange={set('amountFormat')}
        clearable={mapping['amountFormat'] !== undefined}
      />
      <Select
        label={texts.dateOrder}
        placeholder={texts.nothingFound}
        data={choicesOf(texts.dateOrders)}
        value={textOf(mapping['dateOrder']) ?? date}
        onChange={set('dateOrder')}
        clearable={mapping['dateOrder'] !== undefined}
      />
      <Select
        label={texts.timeZone}
        placeholder={texts.byNetwork}
        data={zones}
        value={textOf(mapping['timeZone'])}
        onChange={set('timeZone')}
        searchable
        clearable
      />
      <dl className={styles.plain}>
        <dt>{texts.charset}</dt>
        <dd>{found.charset}</dd>
        <dt>{texts.rows}</dt>
        <dd>{formatCount(found.rows)}</dd>
      </dl>
    </div>
  );
};

const Keep = ({ networkKey, mapping }: { networkKey: string; mapping: Mapping }) => {
  const queries = useQueryClient();
  const keep = useMutation({
    mutationFn: () => changeEntry('networks', networkKey, (settings) => ({ ...settings, reportFile: mapping })),
    onSuccess: () => {
      notifications.show({ message: texts.kept, color: 'green' });
      void queries.invalidateQueries({ queryKey: ['get', '/api/v1/networks'] });
    },
  });
  return (
    <>
      <Refused error={keep.error} />
      <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>
        {texts.keep}
      </Button>
    </>
  );
};

/** What the file is, and what a person corrects before any row is read. */
export const FoundFile = ({ found, networkKey, mapping, onChange }: Props) => (
  <>
    <Card title={texts.title} note={texts.note}>
      <p aria-live="polite">
        <Tag tone={found.readable ? 'good' : 'bad'}>{found.readable ? texts.ready : texts.notReady}</Tag>
      </p>
      {found.problems.length > 0 && (
        <ul className={styles.problems}>
          {found.problems.map(({ code, column, message }) => (
            <li key={code + (column ?? '')}>{message}</li>
          ))}
        </ul>
      )}
      <Writing found={found} mapping={mapping} onChange={onChange} />
      {isStated(mapping) && (
        <div className={styles.actions}>
          <Button variant="default" onClick={() => onChange({})}>
            {texts.reset}
          </Button>
          {networkKey !== null && <Keep networkKey={networkKey} mapping={mapping} />}
        </div>
      )}
    </Card>
    <Card title={texts.columns} note={texts.columnsNote} flush>
      <Columns found={found} mapping={mapping} onChange={onChange} />
    </Card>
  </>
);
