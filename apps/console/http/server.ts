import { nestLog, type Metrics } from '#runtime';
import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ConsoleConfig } from '../config.js';
import type { Connections } from '../connections.js';
import { apiControllers, ConsoleModule } from '../console.module.js';
import { tagAnswers } from './etag.js';
import { setHeaders } from './headers.js';
import { countRequests } from './metrics.js';
import { routesOf } from './document/routes.js';
import { operationKey } from './operation.js';
import { answerUnparsed, answerUnroutable } from './problem-filter.js';
import { limitRates } from './rate-limit.js';
import { servePage } from './web-page.js';

/** Bodies that are read whole; uploads are streams and have a limit of their own. */
const maxBodyBytes = 2 * 1024 * 1024;
/** The URL with the headers: a mapping of a report file has up to 20,000 characters before it is
 *  encoded. */
const maxHeaderBytes = 64 * 1024;

/** Bodies are JSON. An empty one counts as none: many clients state a content type with every
 *  DELETE. */
const readJson = (fastify: FastifyInstance): void => {
  fastify.removeContentTypeParser('text/plain');
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else void parse(request, body, done);
  });
};

/** Uploads: the handler gets the stream itself and decides how much of it to hold. */
const readFiles = (fastify: FastifyInstance): void => {
  fastify.addContentTypeParser(
    ['text/csv', 'application/octet-stream'],
    (_request: unknown, payload: unknown, done: (error: null, body: unknown) => void) => done(null, payload),
  );
};

/** @throws Error when a route has no `@Operation`: it would have neither role nor schema. */
const checkOperations = (): void => {
  const without = routesOf(apiControllers).filter(({ settings }) => settings === undefined);
  if (without.length > 0) throw new Error(`no ${operationKey} on ${without.map(({ path }) => path).join(', ')}`);
};

/** Starts the API and the page on Fastify, and the consumer of parked records beside them.
 *  `close` ends the requests first, then what they use. */
export const serveApi = async (
  connections: Connections,
  metrics: Metrics,
  config: ConsoleConfig,
): Promise<{ port: number; close: () => Promise<void> }> => {
  checkOperations();
  const { ports, parked } = connections;
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    http: { maxHeaderSize: maxHeaderBytes },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    trustProxy: config.CAROM_TRUSTED_PROXIES.length > 0 ? config.CAROM_TRUSTED_PROXIES : false,
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsed,
  });
  const app = await NestFactory.create<NestFastifyApplication>(ConsoleModule.of(connections), adapter, {
    logger: nestLog(ports.log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  countRequests(fastify, metrics, ports.log);
  tagAnswers(fastify);
  setHeaders(fastify, ports.consoleUrl.startsWith('https:'));
  readJson(fastify);
  readFiles(fastify);
  await fastify.register(fastifyCookie);
  await limitRates(fastify, {
    signInsPerMinute: config.CONSOLE_SIGN_INS_PER_MINUTE,
    requestsPerMinute: config.CONSOLE_REQUESTS_PER_MINUTE,
  });
  await servePage(fastify);
  // Its own configuration: the API's guard and filter are about requests, not about batches.
  app.connectMicroservice({ strategy: parked }, { inheritAppConfig: false });
  await app.startAllMicroservices();
  await app.listen(config.CONSOLE_PORT, config.CONSOLE_HOST);
  const address = fastify.server.address();
  const port = typeof address === 'object' && address ? address.port : config.CONSOLE_PORT;
  return { port, close: () => app.close() };
};
