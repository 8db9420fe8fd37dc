/** What the two halves of the spool say to each other. Types only: the worker's half imports
 *  nothing of ours at run time. */

export type Opening = { folder: string; newName: string };

/** `headers` as JSON. `bytes` is what the record counts against the limit. */
export type Row = { topic: string; key: string; value: string | Uint8Array; headers: string; bytes: number };
export type Stored = Row & { seq: number };

export type Command =
  | { kind: 'append'; records: (Row & { atMs: number })[] }
  | { kind: 'read'; afterSeq: number; limit: number }
  | { kind: 'remove'; throughSeq: number }
  | { kind: 'close'; empty: boolean };

/** One answer per command, in the order of the commands; `opened` is the first of all. `errcode` is
 *  SQLite's. */
export type Answer =
  | { kind: 'opened'; depth: number; bytes: number; oldestAtMs: number | null }
  | { kind: 'done'; oldestAtMs: number | null }
  | { kind: 'read'; records: Stored[] }
  | { kind: 'failed'; errcode: number; message: string };
