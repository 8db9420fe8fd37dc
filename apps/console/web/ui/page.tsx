import { Fragment, useEffect, type ReactNode } from 'react';
import { t } from '../texts/texts';
import styles from './page.module.css';

type PageProps = {
  title: string;
  tab?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  /** Outside the frame with the menu. */
  alone?: boolean;
  children: ReactNode;
};

/** The frame of every page: one heading, one sentence, its actions. */
export const Page = ({ title, tab, lead, actions, narrow, alone, children }: PageProps) => {
  useEffect(() => {
    document.title = `${tab ?? title} · ${t.shell.product}`;
  }, [title, tab]);
  return (
    <div className={`${styles.page} ${narrow ? styles.narrow : ''} ${alone ? styles.alone : ''}`}>
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.stack}>{children}</div>
    </div>
  );
};

type CardProps = { title?: ReactNode; note?: ReactNode; flush?: boolean; children: ReactNode; label?: string };

export const Card = ({ title, note, flush, children, label }: CardProps) => (
  <section className={`${styles.card} ${flush ? styles.flush : ''}`} {...(label && { 'aria-label': label })}>
    {(title || note) && (
      <div className={styles.cardHead}>
        {title && <h2>{title}</h2>}
        {note && <p>{note}</p>}
      </div>
    )}
    {children}
  </section>
);

/** Names and values, one per line; a null value is not shown. */
export const Facts = ({ of }: { of: readonly (readonly [string, ReactNode])[] }) => (
  <dl className={styles.facts}>
    {of.map(([name, value]) =>
      value === null || value === undefined || value === '' ? null : (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ),
    )}
  </dl>
);
