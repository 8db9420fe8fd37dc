import type { ReactNode } from 'react';
import { t, wordOf } from '../texts/texts';
import styles from './tag.module.css';

export type Tone = 'good' | 'bad' | 'wait' | 'odd' | 'calm' | 'info';

export const Tag = ({
  tone,
  plain,
  title,
  children,
}: {
  tone: Tone;
  plain?: boolean;
  title?: string;
  children: ReactNode;
}) => (
  <span className={`${styles.tag} ${styles[tone]} ${plain ? styles.plain : ''}`} title={title}>
    {children}
  </span>
);

/** One tone per meaning on every page: green is done, amber waits, red needs someone, violet is set
 * aside, grey changed nothing. */
export const tones: Record<string, Tone> = {
  applied: 'good',
  approved: 'good',
  delivered: 'good',
  done: 'good',
  duplicate: 'calm',
  superseded: 'calm',
  cancelled: 'calm',
  refused: 'bad',
  rejected: 'bad',
  failed: 'bad',
  reversed: 'odd',
  parked: 'odd',
  orphan: 'wait',
  pending: 'wait',
  waiting: 'wait',
  queued: 'wait',
  sending: 'info',
  running: 'info',
};

type Kind = 'postback' | 'conversion' | 'delivery' | 'job';

/** A state of a record, as its word with its tone. */
export const StateTag = ({ kind, state }: { kind: Kind; state: string }) => (
  <Tag
    tone={tones[state] ?? 'calm'}
    {...(kind === 'postback' && t.words.postbackMeaning[state] && { title: t.words.postbackMeaning[state] })}
  >
    {wordOf(t.words[kind], state)}
  </Tag>
);

export const MarkTags = ({ marks }: { marks: readonly string[] }) =>
  marks.map((mark) => (
    <Tag key={mark} tone={mark === 'money_unknown' || mark === 'rate_unknown' ? 'bad' : 'calm'} plain>
      {wordOf(t.words.mark, mark)}
    </Tag>
  ));
