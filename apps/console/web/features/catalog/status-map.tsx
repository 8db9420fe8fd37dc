import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t, wordOf } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import styles from './catalog.module.css';

const texts = t.catalog.statusMap;
const meanings = Object.entries(t.words.meaning).map(([value, label]) => ({ value, label }));

type Props = { map: Record<string, string>; onChange: (map: Record<string, string>) => void; readOnly: boolean };

/** A network's own words, each with what it means. */
export const StatusMap = ({ map, onChange, readOnly }: Props) => {
  const [word, setWord] = useState('');
  const [meaning, setMeaning] = useState<string | null>(null);
  const without = (each: string) => Object.fromEntries(Object.entries(map).filter(([name]) => name !== each));
  return (
    <fieldset className={styles.words}>
      <legend>{texts.title}</legend>
      <p>{Object.keys(map).length === 0 ? texts.none : texts.note}</p>
      {Object.entries(map).map(([name, value]) => (
        <div key={name} className={styles.word}>
          <code>{name}</code>
          <span>{wordOf(t.words.meaning, value)}</span>
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => onChange(without(name))}
              aria-label={texts.remove(name)}
            >
              <Icon name="cross" size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!readOnly && (
        <div className={styles.word}>
          <TextInput
            aria-label={texts.word}
            placeholder={texts.word}
            value={word}
            onChange={({ currentTarget }) => setWord(currentTarget.value)}
          />
          <Select
            aria-label={texts.meaning}
            placeholder={texts.meaning}
            data={meanings}
            value={meaning}
            onChange={setMeaning}
          />
          <Button
            variant="default"
            disabled={word.trim() === '' || meaning === null}
            onClick={() => {
              onChange({ ...map, [word.trim()]: meaning ?? '' });
              setWord('');
              setMeaning(null);
            }}
          >
            {texts.add}
          </Button>
        </div>
      )}
    </fieldset>
  );
};
