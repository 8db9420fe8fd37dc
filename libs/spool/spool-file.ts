import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Command, Opening, Stored } from './protocol.js';

/** The half of the spool that lives in a worker thread and owns the file. `node:sqlite` is
 * synchronous and a commit waits for the disk, on the event loop a time in which no visitor is
 * redirected. It imports nothing of ours at run time, so it runs as TypeScript under jest, as
 * JavaScript in dist. */

const schema = `
  create table if not exists record (
    seq integer primary key autoincrement,
    at_ms integer not null,
    topic text not null,
    key text not null,
    value any not null,
    headers text not null,
    bytes integer not null
  ) strict`;
const columns = 'at_ms, topic, key, value, headers, bytes';

/** Opens a file for this process alone, or answers null when a living process has it. SQLite's lock
 *  is the kernel's (fcntl): it ends with the process that held it, whatever ended that, and cannot
 *  be mistaken for another's as a pid can. */
const openAlone = (path: string): DatabaseSync | null => {
  const database = new DatabaseSync(path);
  try {
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full');
    database.exec(`begin exclusive; ${schema}; commit`);
    return database;
  } catch (thrown) {
    database.close();
    if ((thrown as { errcode?: number }).errcode === sqliteBusy) return null;
    throw thrown;
  }
};
const sqliteBusy = 5;

/** Our file: the oldest that a dead process left, else a new one. The records of further orphans
 *  are taken over behind it; a crash in between may take some over twice, and readers of
 *  the topic bear that. */
const openSpoolFile = ({ folder, newName }: Opening): { database: DatabaseSync; path: string } => {
  mkdirSync(folder, { recursive: true });
  const orphans = readdirSync(folder)
    .filter((name) => name.endsWith('.spool'))
    .sort()
    .flatMap((name) => {
      const database = openAlone(join(folder, name));
      return database ? [{ database, path: join(folder, name) }] : [];
    });
  const [first, ...others] = orphans;
  const path = first?.path ?? join(folder, newName);
  const database = first?.database ?? openAlone(path);
  if (!database) throw new Error(`${path} is in use`);
  for (const other of others) {
    const insert = database.prepare(`insert into record (${columns}) values (?, ?, ?, ?, ?, ?)`);
    database.exec('begin immediate');
    for (const row of other.database.prepare(`select ${columns} from record order by seq`).iterate())
      insert.run(...(Object.values(row) as (string | number | Uint8Array)[]));
    database.exec('commit');
    other.database.close();
    removeFile(other.path);
  }
  return { database, path };
};

const removeFile = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

const { database, path } = openSpoolFile(workerData as Opening);
const insert = database.prepare(`insert into record (${columns}) values (?, ?, ?, ?, ?, ?)`);
const read = database.prepare(
  `select seq, topic, key, value, headers, bytes from record where seq > ? order by seq limit ?`,
);
const remove = database.prepare('delete from record where seq <= ?');
const state = database.prepare('select count(*) as depth, coalesce(sum(bytes), 0) as bytes from record');
const oldest = database.prepare('select at_ms from record order by seq limit 1');

const oldestAtMs = (): number | null => (oldest.get()?.at_ms as number | undefined) ?? null;

/** One transaction, one fsync, however many callers wait for it. */
const append = (records: Extract<Command, { kind: 'append' }>['records']): void => {
  database.exec('pragma synchronous = full');
  database.exec('begin immediate');
  try {
    for (const { atMs, topic, key, value, headers, bytes } of records)
      insert.run(atMs, topic, key, value, headers, bytes);
    database.exec('commit');
  } catch (thrown) {
    // Where SQLite has rolled back by itself (a full disk) there is no transaction left to roll
    // back.
    if (database.isTransaction) database.exec('rollback');
    throw thrown;
  }
};

/** Without waiting for the disk: what a crash brings back was sent already, and is sent twice. A
 *  drain has to be faster than what comes in. */
const removeThrough = (seq: number): void => {
  database.exec('pragma synchronous = normal');
  remove.run(seq);
};

const run = (command: Command): Answer => {
  switch (command.kind) {
    case 'append':
      append(command.records);
      return { kind: 'done', oldestAtMs: oldestAtMs() };
    case 'read':
      return { kind: 'read', records: read.all(command.afterSeq, command.limit) as unknown as Stored[] };
    case 'remove':
      removeThrough(command.throughSeq);
      return { kind: 'done', oldestAtMs: oldestAtMs() };
    case 'close':
      database.close();
      if (command.empty) removeFile(path);
      return { kind: 'done', oldestAtMs: null };
  }
};

const { depth, bytes } = state.get() as { depth: number; bytes: number };
parentPort?.postMessage({ kind: 'opened', depth, bytes, oldestAtMs: oldestAtMs() } satisfies Answer);
parentPort?.on('message', (command: Command) => {
  try {
    parentPort?.postMessage(run(command));
  } catch (thrown) {
    const { errcode = 0, message } = thrown as { errcode?: number; message: string };
    parentPort?.postMessage({ kind: 'failed', errcode, message } satisfies Answer);
  }
  if (command.kind === 'close') parentPort?.close();
});
