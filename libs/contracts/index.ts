export {
  type SettingsOf,
  referencesOf,
  keptSecret,
  networkWarningsOf,
  type NetworkWarning,
  warningsOf,
  problemsOf,
} from './catalog-rules.js';
export { renewedValue, type StaleSecret, staleSecretsOf } from './catalog-renewal.js';
export {
  secretsInUrl,
  mapCatalogSecrets,
  entryNameOf,
  destinationSecrets,
  withoutSecrets,
  openCatalogEntry,
} from './catalog-secrets.js';
export { type CatalogView, withCapCurrency, createCatalogView } from './catalog-view.js';
export {
  currencyCode,
  networkSettings,
  destinationSettings,
  sourceSettings,
  offerSettings,
  campaignSettings,
  catalogKinds,
  type CatalogKind,
  network,
  source,
  offer,
  campaign,
  catalogEntryV1,
  type NetworkSettings,
  type OfferSettings,
  type DestinationSettings,
  type Network,
  type Source,
  type Offer,
  type Campaign,
  type CatalogEntryV1,
  signatureOfPreset,
} from './catalog.v1.js';
export { clickRecordedV1, type ClickRecordedV1, type SafeClickRecord } from './click-recorded.v1.js';
export { type KnownClick, type ReportTokens, chosenTokens, foundClickOf, clickInside } from './found-click.js';
export { conversionChangedV1, type ConversionChangedV1 } from './conversion-changed.v1.js';
export { hashedTokens, keysOfEntry, publishedValue, storedToken } from './network-tokens.js';
export { parkedV1, type ParkedV1 } from './parked.v1.js';
export {
  readPostback,
  postbackReceivedV1,
  type PostbackReceivedV1,
  maxTargetLength,
  maxBodyLength,
  type SafePostbackRecord,
  safeRawCall,
  proofOfMessage,
} from './postback-received.v1.js';
export { reportMapping } from './report-mapping.js';
export type { KnownPostback, PostbackRecord, PostbackState } from './postback-record.js';
export { type Topic, topics, topicNamed } from './topics.js';
export { timeZone } from './time-zone.js';
