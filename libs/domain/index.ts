export {
  amountFormats,
  type ConversionState,
  conversionStates,
  costModels,
  deliveryFrequencies,
  dropIns,
  duplicateModes,
  fieldNames,
  identityRules,
  type Mark,
  marks,
  payoutModes,
  statusMeanings,
  timesOf,
} from './settings.js';
export { done, park, skip, type Verdict } from './verdict.js';
export { dayMs, dayRange } from './calendar.js';
export { derivedUuid } from './derived-uuid.js';
export { hasClickIdForm, mintClickId, type OwnClickId, readClickId } from './click-id/click-id.js';
export { isTestVisit, signTestVisit } from './click-id/test-visit.js';
export { createMac, type Mac } from './click-id/mac.js';
export { isCurrencyCode } from './money/currency.js';
export { bucketNames, type Buckets, emptyBuckets } from './money/buckets.js';
export { addUpFigures, type FigureLine, type FigureRow, ratesOfReturn } from './money/figures.js';
export { formatNanos, parseNanos } from './money/money.js';
export { createRateBook, rateBookDays, rateGapDays } from './money/rate-book.js';
export { convertNanos, noRates, type Rate, type RateLookup, type RateOf, readRatesCsv } from './money/rates.js';
export {
  addressGroup,
  callerAddress,
  isAddressIn,
  judgeCaller,
  parseRange,
  type Proof,
  proofOfCaller,
  proofs,
  wantsProof,
} from './reading/caller.js';
export { chooseByWeight, isVisit, maxClickValueLength, readClick } from './reading/click.js';
export { buyerFields, openedHeader, openNotification } from './reading/clickbank.js';
export { commonDialect, type Dialect } from './reading/dialect.js';
export {
  dialectAt,
  dialectOfStranger,
  type DialectWithDropIns,
  dropInOfTarget,
  readableParameters,
  readKeptCall,
} from './reading/drop-in.js';
export {
  isReportParameter,
  reportDialect,
  reportParameter,
  reportRowHeader,
  reportStatus,
} from './reading/report-dialect.js';
export { findOwnClicks, type OwnClicks } from './reading/own-clicks.js';
export { noParameters, type Parameter, type Parameters } from './reading/call/parameter.js';
export { readingProblems, type ProblemCode } from './reading/call/reading-problem.js';
export { type InboundCall, readParameters } from './reading/call/parameters.js';
export { emptyReading, partitionKeyOf, readFields, readPostback, type ReadResult } from './reading/postback.js';
export { redactHeaders, redactText, type SecretPlaces } from './reading/redaction.js';
export {
  foremostRefusal,
  isDecidedAtEdge,
  type RefusalCode,
  refusalOf,
  refusals,
  type RefusalStage,
  statusOfRefusal,
} from './reading/refusal.js';
export { fieldsCovered } from './reading/signed-fields.js';
export { queryOf, redacted, redactKey, redactToken, routableTarget } from './reading/call/target.js';
export { decodePercent, decodeText, type Safe, type SafeText, safeText } from './reading/call/text.js';
export { type SeenCall, type Suggestion, suggestSettings } from './reading/suggestions.js';
export { problemOfTime, readTime } from './reading/time.js';
export { createTokenHash, type TokenHash } from './reading/token-hash.js';
export {
  type FoundClick,
  type Knowledge,
  type KnownTransaction,
  type NetworkRules,
  type OfferRules,
  type Patience,
  resolveCall,
  type Resolved,
} from './conversion/attribution.js';
export {
  type Cap,
  capMarks,
  capPeriodOf,
  type CapUse,
  countAgainstCap,
  isCapFull,
  noUse,
  roomFor,
} from './conversion/cap.js';
export {
  type Attribution,
  type Change,
  changeReport,
  type ConversionSet,
  type ConversionSnapshot,
  type Entry,
  type EntryRule,
  liftCap,
  type SetOutcome,
} from './conversion/conversion-set.js';
export { valueNanosOf } from './conversion/conversion.js';
export type { ConversionRules } from './conversion/fold-state.js';
export { mayHaveMembers } from './conversion/members.js';
export { endsOfHolds, holdEndsAt } from './conversion/hold.js';
export { conversionIdOf, identityOf } from './conversion/identity.js';
export { type Difference, type EntryBalance, proveConversionSet } from './conversion/ledger-proof.js';
export { type LedgerSide, sumMovements } from './conversion/ledger.js';
export { type Report, restoreReport, type StoredReport, storeReport } from './conversion/report.js';
export { type RollupDelta, RollupSum, visitorOf } from './conversion/rollup.js';
export {
  clickIdsToFind,
  type KnownTransactions,
  rereadPostback,
  resolvePostbacks,
  type ResolvedPostback,
  transactionIdsToFind,
} from './conversion/resolve-postbacks.js';
export { conversionSetFor } from './conversion/set-for-call.js';
export { createWhatIf, type Moves } from './conversion/what-if.js';
export { offerMacros, tokenOf, unknownMacros } from './template/macro-names.js';
export { percentEncode } from './template/macro-place.js';
export { macrosOf } from './template/macro-syntax.js';
export { leftoversIn, strayBraces, withoutLeftovers } from './template/template-leftover.js';
export { RenderError, TemplateError, type TemplateProblem } from './template/template-problem.js';
export { compileUrl, type UrlTemplate } from './template/url-template.js';
export { compileAnswerPattern, fitsPattern } from './delivery/answer-pattern.js';
export {
  type AttemptFailure,
  type AttemptResult,
  type AttemptVerdict,
  isWell,
  judgeAttempt,
  needsBody,
  turnedAwayPattern,
} from './delivery/attempt.js';
export {
  admits,
  afterAttempt,
  type Breaker,
  closedBreaker,
  failedSinceMs,
  failingShareOf,
} from './delivery/breaker.js';
export { previewDelivery } from './delivery/delivery-preview.js';
export {
  deliveryHistoryKey,
  receivedBefore,
  type DeliveryKey,
  type DeliveryState,
  type LeasedDelivery,
  type NewDelivery,
  type OpenDelivery,
} from './delivery/delivery-record.js';
export {
  chosenDestination,
  decideDelivery,
  type DeliveryDecision,
  deliveryIdOf,
  dependsOnHistory,
  factsToSend,
  needlessReason,
  needlessReasons,
  type OwedDelivery,
  stateOnce,
  unsendable,
} from './delivery/delivery.js';
export { type Effect, HeldDeliveries, type Placement } from './delivery/held-deliveries.js';
export { type Calling, isCurrent, type Leaving, type Queued } from './delivery/held-delivery.js';
export {
  type EarlierDeliveries,
  noEarlier,
  type Owed,
  placementOf,
  type Plan,
  planDeliveries,
  type PlannedDelivery,
  rowOf,
} from './delivery/plan-deliveries.js';
export { type LintContext, lintDestination, type LintFinding } from './delivery/destination-lint.js';
export { type CompiledRequest, filteredSecrets, type RenderedRequest } from './delivery/destination-template.js';
export {
  compileDestination,
  type ConversionFacts,
  type Destination,
  destinationLookup,
  templateFor,
  templateKindFor,
} from './delivery/destination.js';
export { analyseReportFile, type Analysis } from './report-file/analyse.js';
export { charsetNamed, charsets, createDecoder } from './report-file/charset.js';
export { dateOrders } from './report-file/date-order.js';
export { csvOptions, delimiters } from './report-file/delimiter.js';
export type { ReadingPlan, ReportMapping } from './report-file/mapping.js';
export { createRowCounter, readReportRow, type ReadReportRow } from './report-file/row.js';
