import { withClient } from './template.js';
import { waitFor } from './wait-for.js';

/** Kills the process that writes Postgres' log ahead. The others are then ended by the server,
 * which cannot trust their common memory any more: what is in it and not on disk, including
 * commits that did not wait, is lost. Resolves when it answers again.
 *  @param url of a superuser, who may list the processes. */
export const crashPostgres = async (url: string): Promise<void> => {
  const pid = await withClient(url, async (client) => {
    const sql = `select pid from pg_stat_activity where backend_type = 'walwriter'`;
    const { rows } = await client.query<{ pid: number }>(sql);
    return rows[0]?.pid;
  });
  if (pid === undefined) throw new Error('Postgres has no process that writes its log');
  process.kill(pid, 'SIGKILL');
  const came = async (): Promise<boolean> => {
    const sql = `select pid from pg_stat_activity where backend_type = 'walwriter' and pid <> ${pid}`;
    return withClient(url, async (client) => ((await client.query(sql)).rowCount ?? 0) > 0).catch(() => false);
  };
  await waitFor(came, 30_000, 'Postgres is back after a crash');
};
