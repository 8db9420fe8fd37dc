import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';
import type { Tone } from './tag';
import styles from './timeline.module.css';
import { When } from './values';

export const Timeline = ({ children }: { children: ReactNode }) => <ol className={styles.list}>{children}</ol>;

type Props = { at: string; icon: IconName; tone: Tone; title: ReactNode; children?: ReactNode };

/** One event: when, what kind, what happened. */
export const TimelineItem = ({ at, icon, tone, title, children }: Props) => (
  <li className={styles.event}>
    <div className={styles.time}>
      <When at={at} />
    </div>
    <div className={`${styles.dot} ${styles[tone]}`}>
      <Icon name={icon} size={16} />
    </div>
    <div className={styles.body}>
      <div className={styles.title}>{title}</div>
      {children}
    </div>
  </li>
);

export const TimelineText = ({ children }: { children: ReactNode }) => <p className={styles.text}>{children}</p>;
