import { Alert, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { problemOf } from '../api/problem';
import { t } from '../texts/texts';
import styles from './states.module.css';

/** What an empty page shows: why it is empty, and what to do next. */
export const Empty = ({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) => (
  <div className={styles.box}>
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {actions && <div className={styles.actions}>{actions}</div>}
  </div>
);

/** Holds the place of rows. What follows it on the page is shown when they are. */
export const LoadingRows = ({ rows = 8 }: { rows?: number }) => (
  <div role="status" aria-label={t.states.loading} aria-busy="true">
    {Array.from({ length: rows }, (_, at) => (
      <div key={at} className={styles.row} aria-hidden="true">
        <div className={styles.bar} style={{ width: `${88 - ((at * 17) % 40)}%` }} />
      </div>
    ))}
  </div>
);

/** Has the size of a chart, so that what follows it can be shown already. */
export const LoadingChart = () => (
  <div className={styles.chart} role="status" aria-label={t.states.loading} aria-busy="true" data-sized />
);

/** Details of the API begin with a small letter. */
const sentence = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

/** A refusal or failure of the API in its own words; no rights have words of their own. */
export const Failed = ({ error, retry }: { error: unknown; retry?: () => void }) => {
  const problem = problemOf(error);
  if (problem.status === 403)
    return <Empty title={t.states.noRights.title}>{problem.detail || t.states.noRights.text('editor')}</Empty>;
  const detail = problem.status === 0 ? t.states.noAnswer : sentence(problem.detail);
  return (
    <div className={styles.box} role="alert">
      <h2>{problem.status === 0 || problem.status >= 500 ? t.states.failed : problem.title}</h2>
      <p>{detail}</p>
      {problem.status !== 0 && <p>{t.states.code(problem.code)}</p>}
      <div className={styles.actions}>
        {problem.status === 404 ? (
          <Button component={Link} to="/" variant="default">
            {t.states.notFound.back}
          </Button>
        ) : (
          retry && (
            <Button variant="default" onClick={retry}>
              {t.states.retry}
            </Button>
          )
        )}
      </div>
    </div>
  );
};

/** A write that was refused, above its form. */
export const Refused = ({ error }: { error: unknown }) => {
  if (!error) return null;
  const problem = problemOf(error);
  return (
    <Alert color="red" variant="outline" title={problem.title} role="alert">
      {problem.status === 0 ? t.states.noAnswer : problem.detail}
      {problem.errors && problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={path + message}>
              {path && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
};

type Loadable<Data> = { data: Data | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

/** The three states of a query: what was loaded stays on screen while it is loaded again. */
export const Loaded = <Data,>({
  query,
  rows,
  children,
}: {
  query: Loadable<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) => {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <LoadingRows {...(rows !== undefined && { rows })} />;
};
