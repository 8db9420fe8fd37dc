import type { LoggerService } from '@nestjs/common';
import type { Logger } from './log.js';

/** Nest gives the context (`ExceptionsHandler`) as the last of its parameters, and a stack before
 *  it. */
const fieldsOf = (message: unknown, parameters: unknown[]): object => {
  const texts = parameters.filter((parameter) => typeof parameter === 'string');
  const context = texts.at(-1);
  const stack = message instanceof Error ? message.stack : texts.slice(0, -1).at(0);
  return { event: 'nest.log', context, message: message instanceof Error ? message.message : message, stack };
};

/** Routes Nest's own messages into our log, so that an error inside the framework is seen. Its
 *  start-up chatter is debug. Pass it as `logger` to `NestFactory`. */
export const nestLog = (log: Logger): LoggerService => ({
  fatal: (message: unknown, ...parameters: unknown[]) => log.fatal(fieldsOf(message, parameters)),
  error: (message: unknown, ...parameters: unknown[]) => log.error(fieldsOf(message, parameters)),
  warn: (message: unknown, ...parameters: unknown[]) => log.warn(fieldsOf(message, parameters)),
  log: (message: unknown, ...parameters: unknown[]) => log.debug(fieldsOf(message, parameters)),
  debug: (message: unknown, ...parameters: unknown[]) => log.debug(fieldsOf(message, parameters)),
  verbose: (message: unknown, ...parameters: unknown[]) => log.trace(fieldsOf(message, parameters)),
});
