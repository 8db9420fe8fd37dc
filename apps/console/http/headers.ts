import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Headers of every answer, the page's and the API's alike. */

const always: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
/** For answers that set no policy of their own: nothing of them may run in a browser. */
const noContentPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** @param isSecure whether people reach the console by https: then browsers are asked to stay
 *    there. */
export const setHeaders = (fastify: FastifyInstance, isSecure: boolean): void => {
  const headers = { ...always, ...(isSecure && { 'strict-transport-security': 'max-age=31536000' }) };
  fastify.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, payload: unknown, next) => {
    void reply.headers(headers);
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', noContentPolicy);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    next(null, payload);
  });
};
