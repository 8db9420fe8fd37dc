export { openSpool, type Spool, type SpoolRecord } from './spool.js';
