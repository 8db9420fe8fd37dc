import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { slugOf } from '../../lib/slug';
import { t } from '../../texts/texts';
import styles from './setup.module.css';

const texts = t.setup;

/** A name, and the key that follows from it until someone writes another. */
export const useNameAndKey = (initial = '') => {
  const [name, setName] = useState(initial);
  const [ownKey, setOwnKey] = useState<string | null>(null);
  return { name, setName, key: ownKey ?? slugOf(name), setKey: setOwnKey };
};

type Props = {
  of: ReturnType<typeof useNameAndKey>;
  hint: string;
  keyError?: string | undefined;
  nameError?: string | undefined;
};

export const NameAndKey = ({ of: { name, setName, key, setKey }, hint, keyError, nameError }: Props) => (
  <div className={styles.two}>
    <TextInput
      label={texts.name}
      placeholder={hint}
      required
      maxLength={200}
      value={name}
      onChange={({ currentTarget }) => setName(currentTarget.value)}
      error={nameError}
    />
    <TextInput
      label={texts.key}
      description={texts.keyHint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      required
      maxLength={63}
      value={key}
      onChange={({ currentTarget }) => setKey(currentTarget.value)}
      error={keyError}
    />
  </div>
);
