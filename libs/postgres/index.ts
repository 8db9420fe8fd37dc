export {
  type Credential,
  findToken,
  touchToken,
  insertToken,
  ensureToken,
  hasToken,
  listTokens,
  revokeToken,
  insertUser,
  listUsers,
  usersWithPassword,
  findUser,
  lockUser,
  findUserByEmail,
  findPasswordHash,
  updateUser,
} from './console/access-store.js';
export { insertAudit } from './console/audit-store.js';
export { listAudit } from './lists/audit-list.js';
export {
  CatalogEntry,
  type CatalogChange,
  beginCatalogChange,
  findCatalogEntry,
  listCatalogEntries,
  readCatalogEntries,
  catalogEntryOf,
  allCatalogEntries,
  relayCatalog,
  forgetRelayed,
} from './console/catalog-store.js';
export {
  catalogKeys,
  catalogSealHeads,
  countUnrelayed,
  networksWithoutHash,
  readCatalogEntry,
  rewriteCatalogEntry,
} from './console/catalog-seals.js';
export { findConversionFacts, recentClicksOf } from './lists/conversion-facts.js';
export {
  type ConversionRow,
  conversionList,
  listConversions,
  type EntryRow,
  listEntries,
  findConversionsByTransaction,
} from './lists/conversion-list.js';
export {
  type Database,
  type Queryable,
  planningOptions,
  openDatabase,
  isLockedByAnother,
  inTransaction,
} from './connection/database.js';
export { checkDurability } from './connection/durability.js';
export type { Deadlines } from './connection/guard.js';
export { type ClickSummary, type ClickFilter, clickList, listClicks, importedClickAt } from './lists/click-list.js';
export type { TokenChoice } from './lists/conversion-filter.js';
export {
  type DeliverySummary,
  type DeliveryRow,
  type DeliveryFilter,
  letsDelivery,
  deliveryEstimate,
  listDeliveries,
  listWholeDeliveries,
  deliveriesChangedSince,
} from './lists/delivery-list.js';
export { lets, only, type Choice } from './lists/list-filter.js';
export { estimateList, lookRows } from './lists/run-list.js';
export {
  renewLease,
  takeOverLeases,
  returnToQueue,
  leasedDeliveries,
  endLease,
  type DueDestination,
  destinationsWaiting,
  claimDue,
  bringForward,
} from './deliveries/delivery-queue.js';
export {
  insertDeliveries,
  lockOpenEarlier,
  lockOpenEarlierOrSee,
  lastReceivedStates,
  supersedeDeliveries,
  type Outcome,
  recordOutcomes,
  ensureAttemptDays,
  dropAttemptDays,
} from './deliveries/delivery-store.js';
export { listDestinationStates, type DestinationState } from './lists/destination-list.js';
export { destinationHistory, lastDeliveredAt } from './lists/destination-history.js';
export {
  setDestinationPaused,
  pausedDestinations,
  type DestinationReport,
  reportDestinations,
  type Backlog,
  deliveryBacklog,
} from './deliveries/destination-store.js';
export { advisoryLocks } from './connection/locks.js';
export { migrate } from './connection/migrate.js';
export {
  type ParkedRecord,
  type ParkedPlace,
  insertParked,
  resolveParked,
  findParked,
  countParked,
} from './console/parked-store.js';
export { listParked, type ParkedSummary } from './lists/parked-list.js';
export {
  type PostbackSummary,
  type PostbackRow,
  type PostbackFilter,
  letsPostback,
  postbackList,
  listPostbacks,
  listWholePostbacks,
  postbacksDecidedSince,
  postbackSummaryGroups,
  countPostbacks,
} from './lists/postback-list.js';
export { dumpSchema } from './connection/schema-dump.js';
export { serviceUrlOf, type Guard, admitServices } from './connection/service-role.js';
export { recordClicks, recordImportedClicks, findClicks } from './ledger/click-store.js';
export {
  lockConversionSets,
  lockFreeConversionSets,
  readConversionSetsById,
  readConversionSets,
  findEndedHolds,
  findTransactions,
  ConcurrentWrite,
  writeSets,
  appendEntries,
} from './ledger/ledger-store.js';
export { ledgerHorizon, previewFold, foldLedger } from './ledger/ledger-horizon.js';
export {
  insertOrphans,
  deleteOrphans,
  findOrphans,
  wakeOrphans,
  wakeOrphansSetAhead,
  claimDueOrphans,
  countOrphansOf,
  countOrphans,
} from './ledger/orphan-store.js';
export { insertOutbox, type OutboxRow, claimOutbox, deleteOutbox, outboxAge } from './ledger/outbox-store.js';
export { ensurePartitions, dropPartitionsBefore } from './connection/partitions.js';
export { statePatience, readPatience } from './ledger/patience-store.js';
export {
  lockKnownPostbacks,
  insertPostbacks,
  updatePostbacks,
  flipPostbacks,
  readPostbackMessages,
} from './ledger/postback-store.js';
export { type ReplayResult, replayDeliveries, deliveriesToReplay } from './deliveries/delivery-replay.js';
export { balanceEntries, findLooseEnds } from './ledger/ledger-proof.js';
export { appendRollups, mergeRollups } from './ledger/rollup-store.js';
export { type StatedCost, type CostChange, restateCosts } from './ledger/cost-store.js';
export { listRates, findRates, ratesAt, ratesChangedAt } from './ledger/rates-store.js';
export { putRates } from './console/rate-store.js';
export { listRatePage, type ListedRate } from './lists/rate-list.js';
export { lockCapUse, writeCapUse, readCapUse, offersOverCap, findOverCap } from './ledger/cap-store.js';
export { putWitness, putLeaseWitness, flushed } from './connection/unflushed.js';
export { type ReportFilter, listReport, readReportPage } from './reports/report-list.js';
export { type ReportFigure, reportFigures, type ReportSort } from './reports/report-sort.js';
export {
  type Found,
  searchUuid,
  searchConversions,
  searchPostbacks,
  searchClicks,
  searchRefusedCalls,
  newestRefusedCalls,
} from './lists/search-ids.js';
export type { Books } from './reports/report-books.js';
export { reportGroups, type ReportGroup } from './reports/report-groups.js';
export { reportCalls, reportDetails } from './reports/report-details.js';
export { findSetupTest, insertSetupTest, type SetupTest } from './console/setup-tests.js';
export { seenCallsOf } from './console/seen-calls.js';
export { tokensOfCampaign } from './console/token-list.js';
export { quarterMs } from './reports/report-source.js';
export { listMissed, recordMissed } from './console/missed-record-store.js';
export { type Bucket, countCalls, countDeliveries, sumMoney, readSystemState } from './lists/overview.js';
export { consoleEntities } from './console/entities.js';
export type { ApiToken, CodePurpose, Role, User } from './console/people.js';
export {
  deleteOldIdempotentAnswers,
  dropIdempotentKey,
  keepIdempotentAnswer,
  takeIdempotentKey,
} from './console/idempotent-answer-store.js';
export { deleteView, isOwnView, listViews, lockView, putView, type SavedView } from './console/saved-view-store.js';
export {
  putJobOutputPiece,
  readJobOutput,
  hasJobOutput,
  jobOutputBytes,
  deleteOldJobOutputs,
} from './console/job-output-store.js';
export {
  Job,
  insertJob,
  findJob,
  claimJob,
  type JobProgress,
  renewJob,
  type JobEnd,
  endJob,
  cancelJob,
  insertJobFilePiece,
  readJobFile,
  deleteOldJobs,
} from './console/job-store.js';
export { listJobs } from './lists/job-list.js';
export { listSessions } from './lists/session-list.js';
export {
  findSession,
  touchSession,
  insertSession,
  hasSignedInFrom,
  type SessionOwner,
  revokeSession,
  revokeOtherSessions,
  insertCode,
  takeCode,
  deleteEndedSessions,
  createAdminLink,
} from './console/session-store.js';
