import { messageOf, type Logger } from '#runtime';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { z } from 'zod';

/** Errors of the API: RFC 9457 problem documents with a stable `code` that a program may act on, and for what was wrong in the
 *  request one line per field. */

export type FieldError = { path: string; message: string; code: string };

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

export const notFound = (kind: string, key: string): Problem =>
  new Problem(404, 'not_found', `there is no ${kind} "${key}"`);

const mostErrors = 100;
const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** What is wrong with the fields of a request, each named. A body can be wrong in a hundred thousand places; a hundred are told.
 *  @param where the part of the request, when it is not plain from the fields. */
export const invalid = (errors: readonly FieldError[], where?: string): Problem => {
  const told = errors.slice(0, mostErrors).map((error) => ({ ...error, path: shortened(error.path) }));
  const more = errors.length > told.length ? `; and ${errors.length - told.length} more` : '';
  const text = told.map(({ path, message }) => `${path || '(whole)'} ${message}`).join('; ');
  return new Problem(422, 'invalid', `${where === undefined ? '' : `${where}: `}${text}${more}`, told);
};

/** zod's codes, which are about types, in words about a request. */
const codeOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'missing';
  if (issue.code === 'invalid_type') return 'wrong_type';
  if (issue.code === 'too_big') return 'too_large';
  if (issue.code === 'too_small') return 'too_small';
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') return 'not_allowed';
  return 'invalid';
};

/** One line per field; an unknown field is named itself, not the object that it stands in. */
export const fieldErrorsOf = (error: z.ZodError): FieldError[] =>
  error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        message: 'there is no such field',
        code: 'unknown_field',
      }));
    const code = codeOf(issue);
    return [{ path: path.join('.'), message: code === 'missing' ? 'must be given' : issue.message, code }];
  });

const titles: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'In conflict with what is there',
  412: 'Changed by somebody else meanwhile',
  413: 'Too large',
  415: 'Not a content type that is read here',
  422: 'The request is not valid',
  429: 'Too many requests',
  431: 'Headers too large',
  503: 'Not possible right now',
};

/** What is refused before a handler runs (Fastify's parsers, Nest's router) comes with a status and a text; the codes are ours. */
const earlyCodes: Record<number, string> = {
  400: 'malformed_json',
  404: 'no_such_route',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'content_type_unknown',
};

type Refusal = { status: number; code: string; detail: string; errors: readonly FieldError[] };

const refusalOf = (thrown: unknown): Refusal | null => {
  if (thrown instanceof Problem) return thrown;
  const { code, message } = thrown as { code?: string; message: string };
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500)
    return { status, code: earlyCodes[status] ?? 'refused', detail: message, errors: [] };
  // The database or Kafka is away: not the caller's fault, and worth trying again.
  if (awayCodes.test(code ?? '') || awayMessages.test(message))
    return {
      status: 503,
      code: 'temporarily_unavailable',
      detail: 'a part of the system is away; try again',
      errors: [],
    };
  return null;
};

/** Ours, the system's, and Postgres's own for a server that shuts down or has no connection left. */
const awayCodes =
  /^(KAFKA_AWAY|KAFKA_BACKPRESSURE|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|57P0\d|53300)$/;
/** The driver of Postgres has no codes for a server that does not answer, or has gone away in the middle. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error)/;

/** Turns whatever a handler threw into a problem document. Only what nobody expected is logged as an error, and its text is not shown:
 *  it may hold what the caller must not see. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const refusal = refusalOf(thrown);
    if (!refusal) {
      const stack = thrown instanceof Error ? thrown.stack : undefined;
      this.log.error({
        event: 'api.failed',
        method: request.method,
        url: request.url,
        error: messageOf(thrown),
        stack,
      });
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (refusal?.status === 413) return void readAway(request.raw).then(() => sendProblem(reply, refusal));
    sendProblem(reply, refusal ?? unexpected);
  }
}

const readAwayMs = 2_000;

/** A caller that is still sending when its connection is closed hears of a broken pipe and never of the reason. So the rest of a body that
 *  is too large is read and thrown away before the answer, for no longer than told. */
const readAway = (body: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (body.readableEnded || body.destroyed) return resolve();
    const late = setTimeout(resolve, readAwayMs);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    body.once('end', done).once('close', done).once('error', done).resume();
  });

const documentOf = ({ status, code, detail, errors }: Refusal): object => ({
  type: `urn:carom:problem:${code}`,
  title: titles[status] ?? 'Something went wrong',
  status,
  code,
  detail,
  ...(errors.length > 0 && { errors }),
});

const sendProblem = (reply: FastifyReply, refusal: Refusal): void => {
  if (refusal.status === 401) void reply.header('www-authenticate', 'Bearer');
  if (refusal.status === 503) void reply.header('retry-after', '5');
  void reply.code(refusal.status).header('content-type', 'application/problem+json').send(documentOf(refusal));
};

/** For what Fastify refuses before there is a route: a path with a broken percent-encoding. */
export const answerUnroutable = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void =>
  sendProblem(reply, { status: 400, code: 'url_unreadable', detail: error.message, errors: [] });

const unparsed: Record<string, [status: number, reason: string, code: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request_too_slow'],
};

/** For what Node's parser could not read as HTTP. The connection is closed: nobody knows where the next request on it would begin. */
export const answerUnparsed = (error: { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason, code] = unparsed[error.code ?? ''] ?? [400, 'Bad Request', 'http_unreadable'];
  const body = JSON.stringify(documentOf({ status, code, detail: 'this cannot be read as HTTP', errors: [] }));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

const unexpected: Refusal = {
  status: 500,
  code: 'unexpected',
  detail: 'this is our mistake; it has been logged',
  errors: [],
};
