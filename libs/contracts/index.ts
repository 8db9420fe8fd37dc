export * from './catalog-view.js';
export * from './catalog.v1.js';
export * from './click-recorded.v1.js';
export * from './conversion-changed.v1.js';
export * from './parked.v1.js';
export * from './postback-received.v1.js';
export * from './topics.js';
