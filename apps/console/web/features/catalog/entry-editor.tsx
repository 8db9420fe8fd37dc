import { Button, Tabs, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../texts/texts';
import { Findings } from '../../ui/findings';
import { Refused } from '../../ui/states';
import type { CatalogKind } from './catalog-keys';
import { readAt, settingsOf, writeAt, type Entry } from './entry';
import { FieldInput } from './field-input';
import { fields } from './fields';
import { useSaveEntry } from './save-entry';
import { StatusMap } from './status-map';
import styles from './catalog.module.css';

const texts = t.catalog;
type Settings = Record<string, unknown>;
type FormProps = {
  kind: CatalogKind;
  settings: Settings;
  onChange: (settings: Settings) => void;
  errorOf: (path: string) => string | undefined;
  readOnly: boolean;
};

const Form = ({ kind, settings, onChange, errorOf, readOnly }: FormProps) => (
  <div className={styles.form}>
    {fields[kind].map((field) => {
      const path = field.path.split('.');
      return (
        <div key={field.path} className={field.as === 'lines' ? styles.whole : ''}>
          <FieldInput
            field={field}
            value={readAt(settings, path)}
            onChange={(value) => onChange(writeAt(settings, path, value))}
            error={errorOf(field.path)}
            readOnly={readOnly}
          />
        </div>
      );
    })}
    {kind === 'networks' && (
      <div className={styles.whole}>
        <StatusMap
          map={(settings['statusMap'] as Record<string, string> | undefined) ?? {}}
          onChange={(statusMap) => onChange({ ...settings, statusMap })}
          readOnly={readOnly}
        />
      </div>
    )}
  </div>
);

const parsed = (text: string): Settings | null => {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : null;
  } catch {
    return null;
  }
};

/** All settings as text; while it is no JSON nothing can be saved. */
const Json = ({
  settings,
  onChange,
  readOnly,
}: {
  settings: Settings;
  onChange: (settings: Settings | null) => void;
  readOnly: boolean;
}) => {
  const [text, setText] = useState(() => JSON.stringify(settings, null, 2));
  return (
    <Textarea
      className={styles.json ?? ''}
      aria-label={texts.all}
      description={texts.allHint}
      autosize
      minRows={10}
      maxRows={30}
      value={text}
      readOnly={readOnly}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        onChange(parsed(value));
      }}
      error={parsed(text) ? undefined : texts.notJson}
      spellCheck={false}
    />
  );
};

/** The settings of one entry, by form or whole. Remounted for each version, so that it always
 * starts from what the server said. */
export const EntryEditor = ({ kind, entry, readOnly }: { kind: CatalogKind; entry: Entry; readOnly: boolean }) => {
  const [settings, setSettings] = useState<Settings | null>(() => settingsOf(kind, entry));
  const [tab, setTab] = useState<string | null>('form');
  const { send, problem, warnings, isBusy, errorOf } = useSaveEntry(kind, entry.key, entry.version);
  const shown = warnings.length > 0 ? warnings : (entry.warnings ?? []);
  return (
    <>
      <Refused error={problem} />
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="form">{texts.settings}</Tabs.Tab>
          <Tabs.Tab value="json">{texts.all}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form">
          {settings && (
            <Form kind={kind} settings={settings} onChange={setSettings} errorOf={errorOf} readOnly={readOnly} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <Json settings={settings ?? settingsOf(kind, entry)} onChange={setSettings} readOnly={readOnly} />
        </Tabs.Panel>
      </Tabs>
      <Findings of={shown} />
      {!readOnly && (
        <div className={styles.actions}>
          <Button disabled={settings === null} loading={isBusy} onClick={() => settings && void send(settings, false)}>
            {t.states.save}
          </Button>
          <Button
            variant="default"
            disabled={settings === null || isBusy}
            onClick={() => settings && void send(settings, true)}
          >
            {texts.check}
          </Button>
        </div>
      )}
    </>
  );
};
