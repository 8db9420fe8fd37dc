import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { withField, type Mapping } from '../../lib/report-file';
import { t } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import type { Analysis } from './analysis';
import styles from './uploads.module.css';

const texts = t.uploads.found;
type Found = Analysis['columns'][number];
type Props = { found: Analysis; mapping: Mapping; onChange: (mapping: Mapping) => void };

const ignored = '-';
const choices = [
  { value: ignored, label: texts.ignored },
  ...Object.entries(t.words.field).map(([value, label]) => ({ value, label })),
];

/** Every column of the file: its name, its first values, and the field it is read as. */
export const Columns = ({ found, mapping, onChange }: Props) => {
  const columns = useMemo<Column<Found>[]>(
    () => [
      { id: 'column', header: texts.column, cell: ({ title, name }) => title || name },
      {
        id: 'field',
        header: texts.field,
        cell: ({ name, title, field }) => (
          <Select
            aria-label={`${texts.field}: ${title || name}`}
            size="xs"
            data={choices}
            value={field ?? ignored}
            onChange={(next) =>
              next !== null && onChange(withField(mapping, found.columns, name, next === ignored ? null : next))
            }
            allowDeselect={false}
          />
        ),
      },
      {
        id: 'samples',
        header: texts.samples,
        wide: true,
        cell: ({ samples }) => <span className={styles.samples}>{samples.filter(Boolean).join(' · ')}</span>,
      },
    ],
    [found, mapping, onChange],
  );
  return <DataTable label={texts.columns} columns={columns} rows={found.columns} keyOf={({ name }) => name} />;
};
