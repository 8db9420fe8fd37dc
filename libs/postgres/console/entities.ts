import { AuditEntry } from './audit-store.js';
import { CatalogEntry } from './catalog-store.js';
import { Job } from './job-store.js';
import { ParkedRecord } from './parked-store.js';
import { ExchangeRate } from './rate-store.js';
import { SavedView } from './saved-view-store.js';
import { ApiToken, OneTimeCode, Session, User } from './people.js';

/** What console's DataSource maps: the catalog and console's own tables. */
export const consoleEntities = [
  CatalogEntry,
  AuditEntry,
  User,
  ApiToken,
  Session,
  OneTimeCode,
  SavedView,
  Job,
  ParkedRecord,
  ExchangeRate,
];
