export {
  readConfig,
  readConfigOrExit,
  maskConfig,
  port,
  wholeNumber,
  flag,
  list,
  kafkaSettings,
  everyApp,
  outgoing,
} from './config.js';
export { CodedError, messageOf } from './errors.js';
export { failPoint, failPoints, failPointsOf, type FailPoint } from './fail-point.js';
export { bisect, faultOf, sqlStateOf } from './fault.js';
export { type Check, serveHealth } from './health.js';
export { createLiveness, type Liveness } from './liveness.js';
export { type Logger, createLog } from './log.js';
export { type Metrics, durationBucketsSeconds, createMetrics } from './metrics.js';
export { nestLog } from './nest-log.js';
export { refuseOldNode } from './node-version.js';
export { projectRoot } from './project-root.js';
export { systemRandom, type Random } from './random.js';
export { repeat, type Repeated } from './repeat.js';
export { type Seal, isSealed, createSeal } from './seal.js';
export { installShutdown } from './shutdown.js';
export { systemTime, type Time } from './time.js';
