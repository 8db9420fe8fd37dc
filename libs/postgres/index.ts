export * from './console/access-store.js';
export * from './console/audit-store.js';
export * from './console/catalog-store.js';
export * from './lists/conversion-facts.js';
export * from './lists/conversion-list.js';
export * from './connection/database.js';
export * from './lists/click-list.js';
export * from './lists/conversion-filter.js';
export * from './lists/delivery-list.js';
export { estimateList, lets, only, type Choice } from './lists/list-filter.js';
export * from './deliveries/delivery-queue.js';
export * from './deliveries/delivery-store.js';
export * from './lists/destination-list.js';
export * from './deliveries/destination-store.js';
export { advisoryLocks } from './connection/locks.js';
export * from './connection/migrate.js';
export * from './console/parked-store.js';
export * from './lists/postback-list.js';
export * from './connection/schema-dump.js';
export * from './connection/service-role.js';
export * from './ledger/click-store.js';
export * from './ledger/ledger-store.js';
export * from './ledger/ledger-horizon.js';
export * from './ledger/orphan-store.js';
export * from './ledger/outbox-store.js';
export * from './connection/partitions.js';
export * from './ledger/patience-store.js';
export * from './ledger/postback-store.js';
export * from './deliveries/delivery-replay.js';
export * from './ledger/ledger-proof.js';
export * from './ledger/rollup-store.js';
export * from './ledger/cost-store.js';
export * from './ledger/rates-store.js';
export * from './ledger/cap-store.js';
export * from './connection/unflushed.js';
export * from './reports/report-list.js';
export * from './lists/search-ids.js';
export type { Books } from './reports/report-books.js';
export { reportGroups, type ReportGroup } from './reports/report-groups.js';
export { reportCalls, reportDetails, type CallsOfLine, type LineDetails } from './reports/report-details.js';
export { findSetupTest, insertSetupTest, type SetupTest } from './console/setup-tests.js';
export { tokensOfCampaign } from './console/token-list.js';
export { quarterMs } from './reports/report-source.js';
export * from './lists/overview.js';
export { consoleEntities } from './console/entities.js';
export type { ApiToken, CodePurpose, OneTimeCode, Role, Session, User } from './console/people.js';
export {
  deleteOldIdempotentAnswers,
  dropIdempotentKey,
  keepIdempotentAnswer,
  takeIdempotentKey,
} from './console/idempotent-answer-store.js';
export { deleteView, isOwnView, listViews, lockView, putView, type SavedView } from './console/saved-view-store.js';
export * from './console/job-store.js';
export * from './console/session-store.js';
