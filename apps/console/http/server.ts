import type { KafkaBatchStrategy } from '#kafka';
import { nestLog, type Metrics } from '#runtime';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { routesOf } from './openapi.js';
import { apiControllers, ConsoleModule } from '../console.module.js';
import { countRequests } from './metrics.js';
import { operationKey } from './operation.js';
import type { ConsolePorts } from '../ports.js';
import { answerUnparsed, answerUnroutable } from './problem.js';

/** Bodies that are read whole; uploads are streams and have a limit of their own. */
const bodyLimitBytes = 2 * 1024 * 1024;

/** Bodies are JSON. An empty one counts as none: many clients state the type of a body with every DELETE. */
const readJson = (fastify: FastifyInstance): void => {
  fastify.removeContentTypeParser('text/plain');
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else void parse(request, body, done);
  });
};

/** Brings up the API on Fastify, and the consumer of parked records beside it.
 *  @throws when a route says nothing of itself: it would have no role and no schema. */
export const serveApi = async (
  ports: ConsolePorts,
  parked: KafkaBatchStrategy,
  metrics: Metrics,
  at: { host: string; port: number },
): Promise<{ port: number; app: NestFastifyApplication; close: () => Promise<void> }> => {
  const silent = routesOf(apiControllers).filter(({ settings }) => settings === undefined);
  if (silent.length > 0) throw new Error(`no ${operationKey} on ${silent.map(({ path }) => path).join(', ')}`);
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    trustProxy: false,
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsed,
  });
  const app = await NestFactory.create<NestFastifyApplication>(ConsoleModule.of(ports), adapter, {
    logger: nestLog(ports.log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  countRequests(fastify as unknown as FastifyInstance, metrics, ports.log);
  readJson(fastify as unknown as FastifyInstance);
  // Uploads: the handler gets the stream itself and decides how much of it to hold.
  fastify.addContentTypeParser(
    ['text/csv', 'application/octet-stream'],
    (_request: unknown, payload: unknown, done: (error: null, body: unknown) => void) => done(null, payload),
  );
  // Its own configuration: the API's guard and filter are about requests, not about batches.
  app.connectMicroservice({ strategy: parked }, { inheritAppConfig: false });
  await app.startAllMicroservices();
  await app.listen(at.port, at.host);
  const address = fastify.server.address();
  return { port: typeof address === 'object' && address ? address.port : at.port, app, close: () => app.close() };
};
