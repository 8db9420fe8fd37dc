import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** One JSON line per unit of work, with a stable `event` name and units in field names. Fields that
 * may hold secrets are removed by name, in case a whole object is logged. */
export const createLog = (app: string, level: string): Logger =>
  pino({
    level,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['*.authorization', '*.secret', '*.token', 'authorization', 'secret', 'token'],
      censor: '[redacted]',
    },
  });
