import { AuditEntry } from './audit-store.js';
import { CatalogEntry } from './catalog-store.js';

/** What console's DataSource maps: the catalog and console's own tables. */
export const consoleEntities = [CatalogEntry, AuditEntry];
