import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { listOf, toggled } from '../lib/search-params';
import { t, wordOf } from '../texts/texts';
import styles from './filters.module.css';
import { Icon } from './icon';

export const FilterBar = ({ label, children }: { label: string; children: ReactNode }) => (
  <div role="group" aria-label={label}>
    {children}
  </div>
);
export const FilterGap = () => <span className={styles.spacer} />;

/** Several of a few: each press adds or takes away one; "all" is none of them. */
export const Pills = ({
  label,
  of,
  value,
  all,
  onChange,
}: {
  label: string;
  of: readonly { value: string; label: string }[];
  value: string | undefined;
  all: string;
  onChange: (value: string | undefined) => void;
}) => {
  const chosen = listOf(value);
  return (
    <div className={styles.pills} role="group" aria-label={label}>
      <button
        type="button"
        className={styles.pill}
        aria-pressed={chosen.length === 0}
        onClick={() => onChange(undefined)}
      >
        {all}
      </button>
      {of.map((each) => (
        <button
          key={each.value}
          type="button"
          className={styles.pill}
          aria-pressed={chosen.includes(each.value)}
          onClick={() => onChange(toggled(value, each.value))}
        >
          {each.label}
        </button>
      ))}
    </div>
  );
};

/** One of a few. */
export const Choices = ({
  label,
  of,
  value,
  onChange,
}: {
  label: string;
  of: readonly { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}) => (
  <div className={styles.pills} role="group" aria-label={label}>
    {of.map((each) => (
      <button
        key={each.value}
        type="button"
        className={styles.pill}
        aria-pressed={each.value === value}
        onClick={() => onChange(each.value)}
      >
        {each.label}
      </button>
    ))}
  </div>
);

/** A filter that came from elsewhere (a link of a report), to be taken away. */
export const FilterChip = ({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) => (
  <span className={styles.chip}>
    {wordOf(t.words.filter, name)}: {value}
    <ActionIcon
      size="xs"
      variant="transparent"
      color="gray"
      onClick={onRemove}
      aria-label={t.log.filters.remove(wordOf(t.words.filter, name))}
    >
      <Icon name="cross" size={12} />
    </ActionIcon>
  </span>
);
