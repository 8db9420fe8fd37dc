export * from './click-cache.js';
