export { openSpool, SpoolError, type Spool, type SpoolErrorCode, type SpoolRecord } from './spool.js';
