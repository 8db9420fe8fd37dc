import type { GuardOptions } from '#http';
import type { KafkaConnection, OutRecord, Producer } from '#kafka';
import type { Logger, Seal } from '#runtime';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Presets } from './catalog/catalog-answer.js';
import type { Catalog } from './catalog/catalog.js';
import type { Relay } from './catalog/relay.js';

/** What console is connected to. Every controller injects this record and names, by `Pick`, the few
 *  fields it uses. `connections.ts` opens it, `ConnectionsModule` provides it to all features. */
export type ConsolePorts = {
  pool: Pool;
  dataSource: DataSource;
  catalog: Catalog;
  relay: Relay;
  presets: Presets;
  seal: Seal;
  produce: (records: OutRecord[]) => Promise<void>;
  /** For what is asked of the cluster itself. */
  kafka: KafkaConnection;
  producerState: () => Producer['state'];
  /** Where the open internet reaches ingest: the start of Postback URLs and click links. */
  publicUrl: string;
  /** Where people reach this console: the start of invitation links, and the origin of the page. */
  consoleUrl: string;
  /** Health addresses of the ingest processes; empty: not given. */
  ingestHealthUrls: readonly string[];
  /** What destinations may connect to. */
  allowed: GuardOptions;
  /** `CAROM_SECRET`: verifies our own click ids. */
  secrets: readonly string[];
  /** After so long without a sign of its console, a job is continued by another. */
  jobLeaseMs: number;
  now: () => Date;
  log: Logger;
};

/** The injection token of `ConsolePorts`. */
export const consolePorts = Symbol('consolePorts');
