import fastifyRateLimit from '@fastify/rate-limit';
import { addressGroup } from '#domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** Requests per minute of one address, over the whole API and, with a lower limit, where people
 *  sign in. Each console counts for itself, in memory of a bounded size. */

/** Marks a route as one where strangers could guess (`@RouteConfig(signInLimit)`). */
export const signInLimit = { isSignIn: true };

const isSignIn = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as { isSignIn?: boolean }).isSignIn === true;

/** By address, not by credential: it is not checked yet, so each made-up one would get a fresh
 *  count. */
const keyOf = (request: FastifyRequest): string => `${isSignIn(request) ? 'sign-in ' : ''}${addressGroup(request.ip)}`;

export const limitRates = async (
  fastify: FastifyInstance,
  { signInsPerMinute, requestsPerMinute }: { signInsPerMinute: number; requestsPerMinute: number },
): Promise<void> => {
  await fastify.register(fastifyRateLimit, {
    global: true,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: keyOf,
    max: (request) => (isSignIn(request) ? signInsPerMinute : requestsPerMinute),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    errorResponseBuilder: (_request, { max, after }) =>
      new Problem(429, 'too_many_requests', `at most ${max} requests a minute; try again in ${after}`),
  });
};
