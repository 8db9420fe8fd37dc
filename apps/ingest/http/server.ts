import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routableTarget } from '#domain';
import { sendProblem } from '#http';
import { nestLog } from '#runtime';
import type { IngestConfig } from '../config.js';
import { IngestModule, type IngestOptions } from '../ingest.module.js';
import { limitConnections } from './connection-limits.js';
import { answerUnparsed } from './unencoded-url.js';

/** Nest on Fastify, set up so that every call to a postback address reaches the pipeline, whatever
 *  its bytes. */

const maxHeaders = 200;

const tlsOf = ({ CAROM_TLS_CERT, CAROM_TLS_KEY }: IngestConfig): { cert: Buffer; key: Buffer } | null =>
  CAROM_TLS_CERT && CAROM_TLS_KEY ? { cert: readFileSync(CAROM_TLS_CERT), key: readFileSync(CAROM_TLS_KEY) } : null;

/** The router must not change what is stored and what was signed, so the target as sent is kept. */
const rewriteUrl = (request: IncomingMessage): string => {
  const sent = request.url ?? '/';
  const route = routableTarget(sent);
  if (route !== sent) Object.assign(request, { originalUrl: sent });
  return route;
};

const adapterOf = ({ config, metrics }: IngestOptions): FastifyAdapter => {
  const unparsed = metrics.counter('carom_ingest_unparsed_total', 'Requests that were not HTTP, by answer', ['answer']);
  const limits = {
    maxHeaderSize: config.CAROM_MAX_URL_BYTES * 2 + 16_384,
    headersTimeout: config.CAROM_REQUEST_TIMEOUT_MS,
    // Node looks for slow senders only every 30 s by itself.
    connectionsCheckingInterval: Math.min(1_000, config.CAROM_REQUEST_TIMEOUT_MS),
  };
  const tls = tlsOf(config);
  return new FastifyAdapter({
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
    rewriteUrl,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, {
        status: error.statusCode ?? 400,
        code: 'url_unreadable',
        detail: 'The path of the URL cannot be read.',
      }),
    clientErrorHandler: answerUnparsed((answer) => unparsed.inc({ answer })),
    ...(tls ? { https: { ...limits, ...tls } } : { http: limits }),
  });
};

/** Fastify refuses any other content type with 415 before the body is read. */
const wellFormedType = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}\s{0,10}(?:;[\x20-\x7e\t]{0,500})?$/;

const takeAnyBody = (fastify: FastifyInstance): void => {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const type = headers['content-type'];
    if (type !== undefined && !wellFormedType.test(type)) {
      headers['x-content-type-as-sent'] = type;
      headers['content-type'] = 'application/octet-stream';
    }
    done();
  });
};

/** Headers of every answer. Nothing says which server this is. */
const setSafeHeaders = (fastify: FastifyInstance, isTls: boolean): void => {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff');
    if (isTls) void reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
};

/** Starts ingest on its port. Rejects when the port or the spool cannot be opened. */
export const serveIngest = async (options: IngestOptions): Promise<{ port: number; app: NestFastifyApplication }> => {
  const { config, log, metrics } = options;
  const app = await NestFactory.create<NestFastifyApplication>(IngestModule.with(options), adapterOf(options), {
    logger: nestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  setSafeHeaders(fastify, tlsOf(config) !== null);
  takeAnyBody(fastify);
  fastify.server.maxHeadersCount = maxHeaders;
  const limits = {
    total: config.CAROM_MAX_CONNECTIONS,
    perAddress: config.CAROM_MAX_CONNECTIONS_PER_ADDRESS,
    trustedProxies: config.CAROM_TRUSTED_PROXIES,
  };
  limitConnections(fastify.server, limits, metrics);
  await app.listen(config.INGEST_PORT, config.INGEST_HOST);
  const address = fastify.server.address();
  return { port: typeof address === 'object' && address ? address.port : config.INGEST_PORT, app };
};
