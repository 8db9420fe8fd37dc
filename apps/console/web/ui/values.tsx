import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard, useInterval } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { formatAmount, isNegative, isZero } from '../lib/amount';
import { age, exactTime, shortTime } from '../lib/time';
import { t } from '../texts/texts';
import { Icon } from './icon';
import styles from './values.module.css';

/** Money as text, its currency beside it; null money is unknown, never zero. */
export const Amount = ({
  amount,
  currency,
  dimZero = true,
  bare = false,
}: {
  amount: string | null;
  currency?: string | null;
  dimZero?: boolean;
  /** The currency is beside it already. */
  bare?: boolean;
}) => {
  if (amount === null) return <span className={styles.negative}>{t.states.unknown}</span>;
  const tone = isNegative(amount) ? styles.negative : dimZero && isZero(amount) ? styles.zero : '';
  return (
    <span className={`${styles.amount} ${tone}`}>
      {formatAmount(amount, currency ?? null)}
      {currency && !bare && <span className={styles.currency}> {currency}</span>}
    </span>
  );
};

/** A clock that all ages on the page share; it moves every ten seconds. */
export const useNow = (everyMs = 10_000): number => {
  const [now, setNow] = useState(() => Date.now());
  const clock = useInterval(() => setNow(Date.now()), everyMs);
  useEffect(() => {
    clock.start();
    return clock.stop;
  }, [everyMs]);
  return now;
};

/** An instant, short on the page and exact with its zone on hover. */
export const When = ({ at, ago }: { at: string | null; ago?: boolean }) => {
  const now = useNow();
  if (at === null) return <span>–</span>;
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ago ? age(at, now) : shortTime(at, now)}
    </time>
  );
};

const CopyButton = ({ text, label }: { text: string; label?: string }) => {
  const { copy, copied } = useClipboard({ timeout: 1_500 });
  const name = copied ? t.states.copied : `${t.states.copy}${label ? `: ${label}` : ''}`;
  return (
    <Tooltip label={copied ? t.states.copied : t.states.copy}>
      <ActionIcon variant="subtle" color="gray" size="sm" onClick={() => copy(text)} aria-label={name}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
      </ActionIcon>
    </Tooltip>
  );
};

/** An id, whole, to be copied. `short` shows its end only where room is small; the title has all of
 * it. */
export const Id = ({ id, short, label }: { id: string | null | undefined; short?: boolean; label?: string }) => {
  if (!id) return <span>–</span>;
  const text = short && id.length > 14 ? `…${id.slice(-10)}` : id;
  return (
    <span className={styles.inline}>
      <span className={styles.id} title={id}>
        {text}
      </span>
      <CopyButton text={id} {...(label && { label })} />
    </span>
  );
};

/** A text to paste elsewhere. */
export const CopyLine = ({ text, label }: { text: string; label: string }) => (
  <div className={styles.copyLine}>
    <code className={styles.code} aria-label={label}>
      {text}
    </code>
    <CopyButton text={text} label={label} />
  </div>
);

export const Code = ({ children }: { children: string }) => <pre className={styles.code}>{children}</pre>;
