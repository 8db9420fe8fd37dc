import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** `ETag` on what is read, so that a page that polls gets 304 while nothing has changed. */

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));

export const tagAnswers = (fastify: FastifyInstance): void => {
  fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown, next) => {
    const isRead = (request.method === 'GET' || request.method === 'HEAD') && reply.statusCode === 200;
    if (!isRead || typeof payload !== 'string' || !request.url.startsWith('/api/')) return next(null, payload);
    const own = reply.getHeader('etag');
    // The version of a catalog entry is its tag; everything else has the hash of what is sent.
    const etag = typeof own === 'string' ? own : `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
    void reply.header('etag', etag);
    if (!matches(request.headers['if-none-match'], etag)) return next(null, payload);
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    next(null, null);
  });
};
