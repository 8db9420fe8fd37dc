import { Button } from '@mantine/core';
import { t } from '../texts/texts';
import styles from './findings.module.css';

export type Finding = {
  severity: string;
  where: string;
  code: string;
  text: string;
  message: string;
  suggestion: string | null;
};

/** Not the whole template: that is above already, and must not be replaced by a suggestion. */
const isPart = (text: string): boolean => text !== '' && !text.includes('://');

/** What the linter objects to, in place, each with its one-click remedy where there is one. */
export const Findings = ({ of, fix }: { of: readonly Finding[]; fix?: (text: string, suggestion: string) => void }) =>
  of.length === 0 ? null : (
    <ul className={styles.list} aria-live="polite">
      {of.map(({ severity, code, text, message, suggestion }) => (
        <li key={code + text} className={severity === 'error' ? styles.bad : styles.wait}>
          <span>
            {isPart(text) && <code>{text}</code>} {message}
          </span>
          {suggestion && fix && isPart(text) && (
            <Button size="compact-xs" variant="default" onClick={() => fix(text, suggestion)}>
              {t.lint.use(suggestion)}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
