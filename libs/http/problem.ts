import type { FastifyReply } from 'fastify';

/** The one writer of error answers for every service: problem documents of RFC 9457. A client may
 *  act on `code`, which never changes its meaning; `type` is always `urn:carom:problem:<code>`. */

/** One field of a request that is wrong. `path` is dotted (`destination.url`), empty for the
 *  whole. */
export type FieldError = { path: string; message: string; code: string };

export type ProblemContent = {
  status: number;
  code: string;
  /** For a person: what happened and what to do next. */
  detail: string;
  errors?: readonly FieldError[];
};

type ProblemDocument = ProblemContent & { type: string; title: string };

const problemMediaType = 'application/problem+json';

const titles: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not a content type that can be answered',
  408: 'Too slow',
  409: 'In conflict with the current state',
  412: 'Changed by another request meanwhile',
  413: 'Too large',
  414: 'URL too long',
  415: 'Content type not supported',
  422: 'The request is not valid',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not possible right now',
};

const problemDocument = ({ status, code, detail, errors }: ProblemContent): ProblemDocument => ({
  type: `urn:carom:problem:${code}`,
  title: titles[status] ?? 'The request failed',
  status,
  code,
  detail,
  ...(errors !== undefined && errors.length > 0 && { errors }),
});

/** Seconds after which a client may try again, by status. RFC 9110 asks for `Retry-After` on both.
 */
const retryAfterSeconds: Record<number, string> = { 429: '60', 503: '5' };

/** Answers with a problem document. 429 and 503 get a `Retry-After` unless the reply has one. */
export const sendProblem = (reply: FastifyReply, content: ProblemContent): void => {
  const retryAfter = retryAfterSeconds[content.status];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) void reply.header('retry-after', retryAfter);
  if (content.status === 401) void reply.header('www-authenticate', 'Bearer realm="carom"');
  void reply
    .code(content.status)
    .header('content-type', problemMediaType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemDocument(content)));
};

/** A whole HTTP/1.1 answer as text, for connections whose request could not be parsed.
 *  The connection closes after it: where the next request would begin is unknown. */
export const rawProblemAnswer = (reason: string, content: ProblemContent): string => {
  const body = JSON.stringify(problemDocument(content));
  return (
    `HTTP/1.1 ${content.status} ${reason}\r\ncontent-type: ${problemMediaType}\r\n` +
    `x-content-type-options: nosniff\r\nconnection: close\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
};
