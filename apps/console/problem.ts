import { messageOf, type Logger } from '#runtime';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
  409: 'In conflict with what is there',
  412: 'Changed by somebody else meanwhile',
  413: 'Too large',
  415: 'Not a content type that is read here',
  422: 'The request is not valid',
  429: 'Too many requests',
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
  if (code === 'KAFKA_AWAY' || code === 'KAFKA_BACKPRESSURE' || /ECONNREFUSED|ECONNRESET|57P0\d|53300/.test(code ?? ''))
    return {
      status: 503,
      code: 'temporarily_unavailable',
      detail: 'a part of the system is away; try again',
      errors: [],
    };
  return null;
};

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
    const { status, code, detail, errors } = refusal ?? unexpected;
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply
      .code(status)
      .header('content-type', 'application/problem+json')
      .send({
        type: `urn:carom:problem:${code}`,
        title: titles[status] ?? 'Something went wrong',
        status,
        code,
        detail,
        ...(errors.length > 0 && { errors }),
      });
  }
}

const unexpected: Refusal = {
  status: 500,
  code: 'unexpected',
  detail: 'this is our mistake; it has been logged',
  errors: [],
};
