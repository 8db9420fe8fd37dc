export * from './money.js';
export * from './settings.js';
