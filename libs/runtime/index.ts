export * from './config.js';
export * from './errors.js';
export * from './health.js';
export * from './log.js';
export * from './metrics.js';
export * from './project-root.js';
export * from './seal.js';
export * from './shutdown.js';
