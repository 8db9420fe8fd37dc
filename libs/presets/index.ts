export * from './apply.js';
export * from './load.js';
export * from './schema.js';
