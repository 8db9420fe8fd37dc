import type { CatalogView } from '#contracts';
import type { Producer } from '#kafka';
import type { ClickCache } from '#redis';
import type { Logger, Random, Time } from '#runtime';
import type pg from 'pg';
import type { AttributionConfig } from './config.js';
import type { AttributionMetrics } from './metrics.js';

/** What attribution's providers are built on: the settings and the open connections of the process.
 */
export type Surroundings = {
  config: AttributionConfig;
  pool: pg.Pool;
  /** Null: no Redis is set; every click is looked up in Postgres. */
  cache: ClickCache | null;
  catalog: CatalogView;
  produce: Producer['produce'];
  metrics: AttributionMetrics;
  log: Logger;
  time: Time;
  random: Random;
};
export const surroundingsToken = Symbol('surroundings of attribution');
