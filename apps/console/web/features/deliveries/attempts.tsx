import { t, wordOf } from '../../texts/texts';
import { Tag } from '../../ui/tag';
import { Code, When } from '../../ui/values';
import styles from '../conversions/conversions.module.css';
import type { Attempt } from './delivery';

const texts = t.conversions.one;

const headersText = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

const requestOf = ({ method, url, requestHeaders, requestBody }: Attempt): string =>
  [`${method} ${url}`, requestHeaders && headersText(requestHeaders), requestBody && `\n${requestBody}`]
    .filter(Boolean)
    .join('\n');

const answerOf = ({ answer, answerHeaders }: Attempt): string =>
  [answerHeaders && `${headersText(answerHeaders)}\n`, answer?.trim() || t.deliveries.drawer.noBody]
    .filter(Boolean)
    .join('\n');

/** Each call as it was sent, and what was answered. */
export const Attempts = ({ of }: { of: readonly Attempt[] }) => (
  <ol className={styles.attempts}>
    {of.map((attempt, at) => (
      <li key={attempt.at + String(at)} className={styles.attempt}>
        <div className={styles.attemptHead}>
          <strong>{texts.attemptText(at + 1)}</strong>
          <Tag tone={attempt.outcome === 'delivered' ? 'good' : 'bad'}>
            {attempt.status === null ? texts.noAnswer : texts.answered(attempt.status)}
          </Tag>
          <span>{texts.ms(attempt.ms)}</span>
          <When at={attempt.at} />
          {attempt.reason && <span>{wordOf(t.words.reason, attempt.reason)}</span>}
        </div>
        <details>
          <summary>{t.states.details}</summary>
          <span className={styles.label}>{texts.request}</span>
          <Code>{requestOf(attempt)}</Code>
          <span className={styles.label}>{texts.answer}</span>
          <Code>{answerOf(attempt)}</Code>
        </details>
      </li>
    ))}
  </ol>
);
