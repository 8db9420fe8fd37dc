export * from './money.js';
export * from './settings.js';
export * from './verdict.js';
