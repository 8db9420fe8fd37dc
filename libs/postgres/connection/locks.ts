/** Every advisory lock of ours by its number: one number has one meaning. Those that only functions
 * of the schema take are here too, so that their number is not used again. */
export const advisoryLocks = {
  /** Migrations and the grants after them: one process at a time. */
  migrations: 720_417,
  /** Making and dropping of daily partitions (`ensure_partitions`, `drop_day`). */
  partitions: 720_418,
  /** Merging of figures into hours (`merge_rollups`). */
  rollups: 720_419,
  /** Restating of costs. */
  costs: 720_420,
  /** Making of the database that tests clone. */
  testTemplate: 720_421,
  /** Merging of counts by minute (`merge_counts`). */
  counts: 720_422,
  /** Changes of the catalog, so that versions are given in the order of their commits. */
  catalogWriters: 730_418,
  /** Relaying of catalog changes to their topic. */
  catalogRelay: 730_419,
} as const;
