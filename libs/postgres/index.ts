export * from './access-store.js';
export * from './audit-list.js';
export * from './catalog-store.js';
export * from './database.js';
export * from './migrate.js';
export * from './schema-dump.js';
