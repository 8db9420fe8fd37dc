import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { routableTarget } from '#domain';
import { nestLog, type Logger } from '#runtime';
import { ClickController } from './click.controller.js';
import type { IngestConfig } from '../config.js';
import { ingestEdge, type IngestEdge } from './edge.js';
import { DirectController } from './direct.controller.js';
import { FaultFilter } from './fault.filter.js';
import { PostbackController } from './postback.controller.js';
import { sendProblem } from './problem.js';
import { answerUnparsed } from './unencoded-url.js';

@Module({})
class IngestModule {
  static of(edge: IngestEdge): DynamicModule {
    return {
      module: IngestModule,
      controllers: [ClickController, DirectController, PostbackController],
      providers: [
        { provide: ingestEdge, useValue: edge },
        { provide: APP_FILTER, useValue: new FaultFilter(edge) },
      ],
    };
  }
}

/** A content type that Fastify would refuse with 415 before anybody had seen the body. */
const wellFormedType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;[\x20-\x7e\t]*)?$/;

/** Brings Nest up on Fastify, so that every call to a postback address reaches the pipeline, whatever its bytes. */
export const serveIngest = async (
  edge: IngestEdge,
  config: IngestConfig,
  log: Logger,
): Promise<{ port: number; close: () => Promise<void> }> => {
  const limits = {
    maxHeaderSize: config.CAROM_MAX_URL_BYTES * 2 + 16_384,
    headersTimeout: config.CAROM_REQUEST_TIMEOUT_MS,
    // Node looks for slow senders only every 30 s by itself.
    connectionsCheckingInterval: Math.min(1_000, config.CAROM_REQUEST_TIMEOUT_MS),
  };
  const tls = config.CAROM_TLS_CERT &&
    config.CAROM_TLS_KEY && {
      cert: readFileSync(config.CAROM_TLS_CERT),
      key: readFileSync(config.CAROM_TLS_KEY),
    };
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: config.CAROM_MAX_BODY_BYTES,
    requestTimeout: config.CAROM_REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    routerOptions: {
      maxParamLength: 300,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      caseSensitive: false,
    },
    // What the router makes of a target must not change what is kept and what was signed.
    rewriteUrl: (request: IncomingMessage) => {
      const sent = request.url ?? '/';
      const route = routableTarget(sent);
      if (route !== sent) Object.assign(request, { originalUrl: sent });
      return route;
    },
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, error.statusCode ?? 400, 'url_unreadable', 'The path of the URL cannot be read.'),
    clientErrorHandler: answerUnparsed,
    ...(tls ? { https: { ...limits, ...tls } } : { http: limits }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(IngestModule.of(edge), adapter, {
    logger: nestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = request.raw.headers['content-type'];
    if (type !== undefined && !wellFormedType.test(type)) {
      request.raw.headers['x-content-type-as-sent'] = type;
      request.raw.headers['content-type'] = 'application/octet-stream';
    }
    done();
  });
  await app.listen(config.INGEST_PORT, config.INGEST_HOST);
  const address = fastify.server.address();
  const port = typeof address === 'object' && address ? address.port : config.INGEST_PORT;
  return { port, close: () => app.close() };
};
