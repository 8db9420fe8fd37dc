export { type ClickCache, openClickCache } from './click-cache.js';
