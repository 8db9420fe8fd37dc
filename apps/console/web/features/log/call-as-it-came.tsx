import { markBody, markTarget, type Piece } from '../../lib/marked-call';
import { t, wordOf } from '../../texts/texts';
import type { Postback } from './postbacks';
import styles from './log.module.css';

const texts = t.log.drawer;

const Pieces = ({ of }: { of: readonly Piece[] }) =>
  of.map(({ text, field }, at) =>
    field === null ? (
      <span key={at}>{text}</span>
    ) : (
      <mark key={at} className={styles.mark}>
        {text}
        <span className={styles.field}>{wordOf(t.words.field, field)}</span>
      </mark>
    ),
  );

/** Method, target and body, with every piece marked that was read as a field. */
export const CallAsItCame = ({ call }: { call: Postback }) => {
  const { method, target, body, bodyEncoding } = call.raw;
  return (
    <>
      <div className={styles.call}>
        <strong>{method}</strong> <Pieces of={markTarget(target, call.read)} />
        {body !== null && body !== '' && (
          <>
            {'\n\n'}
            {bodyEncoding === 'utf8' ? <Pieces of={markBody(body, call.read)} /> : texts.binaryBody}
          </>
        )}
      </div>
      <span className={styles.reason}>{texts.requestNote}</span>
    </>
  );
};

export const HeadersOf = ({ call }: { call: Postback }) => (
  <details className={styles.section}>
    <summary>{texts.headers}</summary>
    <div className={styles.call}>
      {Object.entries(call.raw.headers).map(([name, value]) => (
        <div key={name}>
          {name}: {value}
        </div>
      ))}
    </div>
  </details>
);
