import { t, wordOf } from '../../texts/texts';
import type { Postback } from './postbacks';
import styles from './log.module.css';

const texts = t.log.drawer;

const Notes = ({ problems }: { problems: Postback['problems'] }) =>
  problems.length === 0 ? null : (
    <>
      <h3 className={styles.section}>{texts.notes}</h3>
      <ul className={styles.notes}>
        {problems.map(({ code, param }) => {
          const known = t.problems[code];
          return (
            <li key={code + (param ?? '')}>
              {param && <code>{param}</code>} {known ? known.says : wordOf({}, code)} {known?.todo}
            </li>
          );
        })}
      </ul>
    </>
  );

const Became = ({ raw, value }: { raw: string; value: string | null }) => {
  if (value === null || value === '') return <span className={styles.dim}>{texts.notRead}</span>;
  return raw === value ? <span className={styles.dim}>{texts.same}</span> : value;
};

/** Field by field: its parameter, its text, and the value that was read. */
export const Reading = ({ call }: { call: Postback }) => {
  const fields = Object.entries(call.read).flatMap(([field, found]) => (found ? [{ field, ...found }] : []));
  return (
    <>
      {fields.length === 0 ? (
        <p className={styles.dim}>{texts.readingNone}</p>
      ) : (
        <table className={styles.reading}>
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.sent}</th>
              <th scope="col">{texts.became}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ field, param, raw, value }) => (
              <tr key={field}>
                <th scope="row">{wordOf(t.words.field, field)}</th>
                <td>
                  <code>
                    {param}={raw}
                  </code>
                </td>
                <td>
                  <Became raw={raw} value={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Notes problems={call.problems} />
    </>
  );
};
