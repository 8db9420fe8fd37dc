import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { useCreate } from './create';
import { DestinationUrl } from './destination-url';
import { NameAndKey, useNameAndKey } from './name-and-key';
import { changeEntry } from '../catalog/change-entry';
import { choicesOf, useSourcePresets, type SourcePreset } from './presets';
import { PresetNotes, UseExisting } from './step';
import { withTestsSent } from './tests-too';
import styles from './setup.module.css';

const texts = t.setup;

const useSourceForm = () => {
  const presets = useSourcePresets();
  const [preset, setPreset] = useState<SourcePreset | undefined>(undefined);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [param, setParam] = useState('click_id');
  const [url, setUrl] = useState('');
  const [tests, setTests] = useState(true);
  const names = useNameAndKey();
  const choose = (key: string | null): void => {
    const chosen = presets.find((each) => each.key === key);
    setPreset(chosen);
    setFields({});
    setParam(chosen?.externalIdParam ?? 'click_id');
    if (chosen && names.name === '') names.setName(chosen.name);
  };
  const byHand = { externalIdParam: param, ...(url !== '' && { destination: { url } }) };
  const byPreset = { preset: preset?.key, ...(Object.keys(fields).length > 0 && { presetFields: fields }) };
  const body = { key: names.key, name: names.name, ...(preset ? byPreset : byHand) };
  const hasDestination = preset ? preset.destination !== null : url !== '';
  const sends = { hasDestination, tests, setTests };
  return { presets, preset, choose, fields, setFields, param, setParam, url, setUrl, sends, names, body };
};

type Form = ReturnType<typeof useSourceForm>;
type Create = ReturnType<typeof useCreate>;

/** What a preset asks for: the constants of one's account. */
const PresetFields = ({ form, errorOf }: { form: Form; errorOf: Create['errorOf'] }) =>
  (form.preset?.fields ?? []).map(({ name, label, example }) => (
    <TextInput
      key={name}
      label={name}
      description={label}
      placeholder={example}
      required
      value={form.fields[name] ?? ''}
      onChange={({ currentTarget: { value } }) => form.setFields((before) => ({ ...before, [name]: value }))}
      error={errorOf(`presetFields.${name}`)}
    />
  ));

const ByHand = ({ form, errorOf }: { form: Form; errorOf: Create['errorOf'] }) => (
  <>
    <TextInput
      label={texts.source.param}
      description={texts.source.paramHint}
      required
      value={form.param}
      onChange={({ currentTarget }) => form.setParam(currentTarget.value)}
      error={errorOf('externalIdParam')}
      maw={320}
    />
    <DestinationUrl value={form.url} onChange={form.setUrl} error={errorOf('destination.url')} />
  </>
);

/** Who sends visitors, and how conversions are reported to it. */
export const SourceStep = ({ onDone }: { onDone: (key: string) => void }) => {
  const form = useSourceForm();
  const { hasDestination, tests, setTests } = form.sends;
  const { create, problem, isBusy, errorOf } = useCreate('sources', async (key) => {
    if (hasDestination && tests) await changeEntry('sources', key, withTestsSent);
    onDone(key);
  });
  return (
    <>
      <UseExisting kind="sources" onChoose={onDone} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void create(form.body);
        }}
      >
        <Refused error={problem} />
        <Select
          label={texts.preset}
          description={texts.source.presetHint}
          placeholder={texts.noPreset}
          data={choicesOf(form.presets)}
          value={form.preset?.key ?? null}
          onChange={form.choose}
          searchable
          clearable
        />
        {form.preset && <PresetNotes {...form.preset} />}
        <NameAndKey
          of={form.names}
          hint={texts.source.nameHint}
          keyError={errorOf('key')}
          nameError={errorOf('name')}
        />
        {form.preset ? <PresetFields form={form} errorOf={errorOf} /> : <ByHand form={form} errorOf={errorOf} />}
        {hasDestination && (
          <Checkbox
            label={texts.source.tests}
            description={texts.source.testsHint}
            checked={tests}
            onChange={({ currentTarget }) => setTests(currentTarget.checked)}
          />
        )}
        <div>
          <Button type="submit" loading={isBusy}>
            {texts.create}
          </Button>
        </div>
      </form>
    </>
  );
};
