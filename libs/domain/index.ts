export * from './money.js';
export * from './settings.js';
export * from './verdict.js';
export * from './macro.js';
export * from './macro-names.js';
export { filterNames } from './macro-filter.js';
export { percentEncode } from './macro-place.js';
export * from './template-problem.js';
export * from './url-template.js';
