import { CodedError, type Logger } from '#runtime';
import type { Queryable } from './database.js';

/** How far a commit of this session is safe when Postgres or its host fails. */
type Durability = {
  synchronousCommit: string;
  /** `synchronous_standby_names`; empty: none is waited for. */
  standbyNames: string;
  /** Standbys (and backups) that are connected now. */
  standbys: number;
};

/** The settings at which a commit waits until a synchronous standby has it on disk. */
const waitsForStandby = new Set(['on', 'remote_apply']);

/** What could lose a commit whose offset is committed (P1 to P3); null: nothing. */
const problemOf = ({ synchronousCommit, standbyNames }: Durability, hasStandby: boolean): string | null => {
  if (synchronousCommit === 'off')
    return 'synchronous_commit is off: a crash of Postgres loses the commits of the last moment';
  if (!hasStandby) return null;
  if (standbyNames === '')
    return 'synchronous_standby_names is empty: a standby that takes over lacks what it had not received';
  if (!waitsForStandby.has(synchronousCommit))
    return `synchronous_commit is ${synchronousCommit}: a standby that takes over can lack what was not on its disk`;
  return null;
};

const readDurability = async (db: Queryable): Promise<Durability> => {
  const { rows } = await db.query<Durability>(
    `select current_setting('synchronous_commit') as "synchronousCommit",
       current_setting('synchronous_standby_names') as "standbyNames",
       (select count(*)::int from pg_stat_replication) as standbys`,
  );
  return rows[0] as Durability;
};

const advice = 'see "When a standby takes over" in docs/operating/database.md';

/** Asked once at start. A problem is a warning; where the operator demands a synchronous standby,
 * the service does not start with one.
 *
 * @throws CodedError DATABASE_NOT_SYNCHRONOUS */
export const checkDurability = async (
  db: Queryable,
  { demanded, log }: { demanded: boolean; log: Logger },
): Promise<void> => {
  const durability = await readDurability(db);
  const problem = problemOf(durability, demanded || durability.standbys > 0);
  if (problem === null) return;
  if (demanded) throw new CodedError('DATABASE_NOT_SYNCHRONOUS', `${problem}; ${advice}`);
  log.warn({ event: 'database.commits_at_risk', problem: `${problem}; ${advice}`, ...durability });
};
