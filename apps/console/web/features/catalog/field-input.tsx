import { NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { t, wordOf } from '../../texts/texts';
import { useCatalogKeys, type CatalogKind } from './catalog-keys';
import type { Field } from './fields';

type Props = {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string | undefined;
  readOnly: boolean;
};

const KeyInput = ({
  kind,
  label,
  value,
  onChange,
  error,
  readOnly,
}: Omit<Props, 'field'> & { kind: CatalogKind; label: string }) => (
  <Select
    label={label}
    data={useCatalogKeys(kind)}
    value={(value as string | undefined) ?? null}
    onChange={(key) => key !== null && onChange(key)}
    error={error}
    readOnly={readOnly}
    searchable
    allowDeselect={false}
  />
);

/** The input of one setting. */
export const FieldInput = ({ field, value, onChange, error, readOnly }: Props) => {
  const label = wordOf(t.catalog.fields, field.label);
  const given = { label, error, readOnly };
  const text = typeof value === 'string' ? value : '';
  const change = (next: string): void => onChange(next === '' ? (field.nullable ? null : undefined) : next);
  switch (field.as) {
    case 'text':
      return <TextInput {...given} value={text} onChange={({ currentTarget }) => change(currentTarget.value)} />;
    case 'lines':
      return (
        <Textarea
          {...given}
          autosize
          value={text}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          spellCheck={false}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...given}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? undefined : Number(next))}
          min={0}
        />
      );
    case 'switch':
      return (
        <Switch
          label={label}
          checked={value === true}
          disabled={readOnly}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...given}
          data={(field.choices ?? []).map((each) => ({ value: each, label: wordOf(t.catalog.choices, each) }))}
          value={text || null}
          onChange={(next) => next !== null && onChange(next)}
          allowDeselect={false}
        />
      );
    case 'list':
      return <TagsInput {...given} value={(value as string[] | undefined) ?? []} onChange={onChange} />;
    default:
      return (
        <KeyInput kind={field.as} label={label} value={value} onChange={onChange} error={error} readOnly={readOnly} />
      );
  }
};
