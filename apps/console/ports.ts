import type { GuardOptions } from '#http';
import type { OutRecord, Producer } from '#kafka';
import type { Logger, Seal } from '#runtime';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Presets } from './catalog/catalog-answer.js';
import type { Catalog } from './catalog/catalog.js';
import type { Relay } from './catalog/relay.js';

/** Everything that the API's controllers may touch; each names the few it needs. Put together in main.ts. */
export type ConsolePorts = {
  pool: Pool;
  dataSource: DataSource;
  catalog: Catalog;
  relay: Relay;
  presets: Presets;
  seal: Seal;
  produce: (records: OutRecord[]) => Promise<void>;
  producerState: () => Producer['state'];
  publicUrl: string;
  /** What destinations may connect to. */
  allowed: GuardOptions;
  /** CAROM_SECRET: by them our own click ids are told from made-up ones. */
  secrets: readonly string[];
  now: () => Date;
  log: Logger;
};

/** The token under which Nest hands them out. */
export const consolePorts = Symbol('consolePorts');
