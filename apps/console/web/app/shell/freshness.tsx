import { api } from '../../api/client';
import { duration } from '../../lib/time';
import { t } from '../../texts/texts';
import styles from './shell.module.css';

/** A shorter delay is not visible on the page. */
const lateSeconds = 5;

/** How far what is shown is behind what was received: the slowest consumer. */
export const Freshness = () => {
  const { data, isError } = api.useQuery('get', '/api/v1/status', {}, { refetchInterval: 10_000 });
  if (!data)
    return (
      <span className={styles.fresh} data-late="unknown" title={t.shell.fresh.hint}>
        <span>{isError ? t.shell.fresh.unknown : ' '}</span>
      </span>
    );
  const behind = Math.max(0, ...data.consumers.map(({ secondsBehind }) => secondsBehind ?? 0));
  const late = behind >= lateSeconds;
  return (
    <span className={styles.fresh} data-late={late} title={t.shell.fresh.hint}>
      <span>{late ? t.shell.fresh.behind(duration(behind * 1000)) : t.shell.fresh.current}</span>
    </span>
  );
};
