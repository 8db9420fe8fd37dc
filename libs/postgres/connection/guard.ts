import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** How long a service lets Postgres, and a dead process lets others, wait. */
export type Deadlines = {
  /** A statement is cancelled on the server after this. */
  statementMs: number;
  /** A wait for a lock ends with SQLSTATE 55P03 after this. */
  lockMs: number;
  /** Postgres ends a session that leaves a transaction open for this long without a statement: a
   * frozen process gives back its row locks. */
  idleInTransactionMs: number;
};

/** The server cancels a statement first. A server that is silent for so much longer is
 * unreachable. */
const silentAfterStatementMs = 3_000;
export const silentMsOf = ({ statementMs }: Deadlines): number => statementMs + silentAfterStatementMs;

/** The settings of a session, for `options` of the connection. The TCP settings are those of the
 * server's side: it finds out in 20 s that the host of a client died. */
export const sessionOptions = ({ statementMs, lockMs, idleInTransactionMs }: Deadlines): string =>
  Object.entries({
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 2,
    tcp_user_timeout: 20_000,
  })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

/** A primary that became read-only after a takeover answers every write with this. */
const readOnlyTransaction = '25006';

type ServerMessage = { code?: string; routine?: string };
type Connection = EventEmitter & { stream: Socket };

/** Closes a connection that can no longer be trusted; the pool then opens another.
 *
 * - Silence: nothing came for `silentMs`. Without this a host that dies without a FIN holds a query
 *   for a quarter of an hour.
 * - Read-only: the address leads to another server by now, or soon will.
 * - A commit whose wait for the synchronous standby was cancelled: Postgres reports success with a
 *   warning. It must count as failed, or a takeover of the standby loses it (P1). */
export const guardConnection = (client: pg.PoolClient, silentMs: number): void => {
  const { connection } = client as unknown as { connection: Connection };
  const close = (why: string) => connection.stream.destroy(new Error(why));
  connection.stream.setTimeout(silentMs, () => close(`Postgres did not answer within ${silentMs} ms`));
  connection.on('errorMessage', ({ code }: ServerMessage) => {
    if (code === readOnlyTransaction) close('Postgres is read-only');
  });
  connection.on('notice', ({ routine }: ServerMessage) => {
    if (routine !== 'SyncRepWaitForLSN') return;
    // Fails the commit before its success, which is in the same packet, is read.
    connection.emit('error', new Error('the synchronous standby did not confirm a commit'));
    connection.stream.destroy();
  });
};
