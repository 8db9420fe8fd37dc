import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { useCreate } from './create';
import { NameAndKey, useNameAndKey } from './name-and-key';
import { choicesOf, useNetworkPresets } from './presets';
import { PresetNotes, UseExisting } from './step';
import styles from './setup.module.css';

const texts = t.setup;

const useNetworkForm = () => {
  const presets = useNetworkPresets();
  const [presetKey, setPresetKey] = useState<string | null>(null);
  const [currency, setCurrency] = useState('');
  const names = useNameAndKey();
  const preset = presets.find(({ key }) => key === presetKey);
  const choose = (key: string | null): void => {
    setPresetKey(key);
    const chosen = presets.find((each) => each.key === key);
    if (chosen && names.name === '') names.setName(chosen.name);
  };
  const body = {
    key: names.key,
    name: names.name,
    ...(presetKey !== null && { preset: presetKey }),
    ...(currency !== '' && { defaultCurrency: currency.toUpperCase() }),
  };
  return { presets, preset, presetKey, choose, currency, setCurrency, names, body };
};

/** Who pays: a preset or a blank network. */
export const NetworkStep = ({ onDone }: { onDone: (key: string) => void }) => {
  const { presets, preset, presetKey, choose, currency, setCurrency, names, body } = useNetworkForm();
  const { create, problem, isBusy, errorOf } = useCreate('networks', onDone);
  return (
    <>
      <UseExisting kind="networks" onChoose={onDone} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void create(body);
        }}
      >
        <Refused error={problem} />
        <Select
          label={texts.preset}
          description={texts.network.presetHint}
          placeholder={texts.noPreset}
          data={choicesOf(presets)}
          value={presetKey}
          onChange={choose}
          searchable
          clearable
        />
        {preset && <PresetNotes {...preset} />}
        <NameAndKey of={names} hint={texts.network.nameHint} keyError={errorOf('key')} nameError={errorOf('name')} />
        <TextInput
          label={texts.network.currency}
          description={texts.network.currencyHint}
          maxLength={8}
          value={currency}
          onChange={({ currentTarget }) => setCurrency(currentTarget.value)}
          error={errorOf('defaultCurrency')}
          maw={220}
        />
        <div>
          <Button type="submit" loading={isBusy}>
            {texts.create}
          </Button>
        </div>
      </form>
    </>
  );
};
