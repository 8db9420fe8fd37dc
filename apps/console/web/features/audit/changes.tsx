import type { Item } from '../../api/answers';
import { t } from '../../texts/texts';
import styles from '../catalog/catalog.module.css';

type Change = Item<'/api/v1/audit'>['changes'][number];
const maxShown = 8;

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return t.audit.nothing;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

/** What differs between before and after, field by field. */
export const Changes = ({ of }: { of: readonly Change[] }) => (
  <ul className={styles.changes}>
    {of.slice(0, maxShown).map(({ path, before, after }) => (
      <li key={path}>
        <code>{path}</code>{' '}
        {before !== undefined && before !== null && <span className={styles.before}>{textOf(before)}</span>}{' '}
        <span className={styles.after}>{textOf(after)}</span>
      </li>
    ))}
    {of.length > maxShown && <li>{t.audit.more(of.length - maxShown)}</li>}
  </ul>
);
