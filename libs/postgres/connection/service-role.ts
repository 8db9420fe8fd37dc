import { createHash } from 'node:crypto';
import { CodedError, messageOf } from '#runtime';
import pg from 'pg';
import { advisoryLocks } from './locks.js';

/** The services do not own what they write to: they connect as a role of their own, which can
 * append to the ledger and nothing more, so that "append-only" is enforced by the database.
 * Migrations and `ledger:retain` connect as the owner. */

/** Where the services connect unless it is set: as `role`, with a password that follows from the
 * owner's and does not lead back to it. */
export const serviceUrlOf = (ownerUrl: string, role: string): string => {
  const url = new URL(ownerUrl);
  url.password = createHash('sha256').update(`${role} of ${url.password}`).digest('hex').slice(0, 32);
  url.username = role;
  return url.href;
};

/** `apart`: the services' role cannot change a ledger entry. `owner`: it could. */
export type Guard = 'apart' | 'owner';

const makeRole = async (client: pg.Client, service: string, password: string): Promise<void> => {
  const { rows } = await client.query<{ sql: string }>(
    `select format('create role %I login password %L', $1::text, $2::text) as sql
     where not exists (select from pg_roles where rolname = $1)`,
    [service, password],
  );
  // Two who prepare two databases of one server at once: the other one made it.
  const isMade = (thrown: unknown) =>
    thrown instanceof Error && 'code' in thrown && /^(42710|23505)$/.test(`${thrown.code as string}`);
  for (const { sql } of rows)
    await client.query(sql).catch((thrown: unknown) => {
      if (isMade(thrown)) return;
      throw new CodedError(
        'SERVICE_ROLE_MISSING',
        `There is no role "${service}", and the owner may not make one (${messageOf(thrown)}): make it by hand, then run this again.`,
        { cause: thrown },
      );
    });
};

const admit = async (client: pg.Client, role: string, password: string): Promise<void> => {
  // Two at once would change the same rows of the catalog of Postgres.
  await client.query(`select pg_advisory_lock(${advisoryLocks.migrations})`);
  await makeRole(client, role, password);
  await client.query('select admit_services($1)', [role]);
};

/** Makes the role that `serviceUrl` names, if it is not there, and gives it the services' rights.
 * Harmless to repeat; done after every migration. Where both are one role, nothing is given. */
export const admitServices = async (ownerUrl: string, serviceUrl: string): Promise<Guard> => {
  const [owner, service] = [ownerUrl, serviceUrl].map((text) => new URL(text));
  const role = decodeURIComponent(service?.username ?? '');
  const isApart = role !== decodeURIComponent(owner?.username ?? '');
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'carom-admit' });
  await client.connect();
  try {
    if (isApart) await admit(client, role, decodeURIComponent(service?.password ?? ''));
    const { rows } = await client.query<{ could: boolean }>(
      `select rolsuper or pg_has_role(rolname, (select relowner from pg_class where oid = 'ledger_entries'::regclass), 'member')
         or has_table_privilege(rolname, 'ledger_entries', 'update, delete, truncate') as could from pg_roles where rolname = $1`,
      [role],
    );
    return rows[0]?.could === false ? 'apart' : 'owner';
  } finally {
    await client.end();
  }
};
