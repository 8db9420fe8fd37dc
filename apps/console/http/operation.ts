import { applyDecorators, createParamDecorator, HttpCode, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Readable } from 'node:stream';
import type { FieldError } from '#http';
import type { Role } from '#postgres';
import { fieldErrorsOf, invalid, Problem } from './problem.js';
import type { ProblemCode } from './problem-codes.js';

/** The declaration of a route: the guard reads its role, the parameter decorator checks requests
 *  by its schemas, and the OpenAPI document is written from it. Console does not start with a
 *  route that has none. */

/** Who a request comes from. `tokenId` is set for a call by token, `sessionId` for one by cookie.
 */
export type Actor = {
  tokenId: string | null;
  sessionId: string | null;
  userId: string | null;
  name: string;
  role: Role;
  /** Whether answers show visitors' addresses and user agents. */
  seesVisitors: boolean;
};
const anonymous: Actor = {
  tokenId: null,
  sessionId: null,
  userId: null,
  name: '',
  role: 'viewer',
  seesVisitors: false,
};

export type OperationSettings = {
  summary: string;
  /** The role it needs; `none`: open to all who reach the port. */
  role: Role | 'none';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The schema of the body for the document, where the handler checks it later (after a preset
   *  has been filled in). */
  documents?: z.ZodType;
  /** A body that is read as a stream by the handler: its media types, for the document. */
  streams?: readonly string[];
  answer?: z.ZodType;
  status?: number;
  /** Codes of this operation beyond those that all have: for the document. */
  errors?: readonly ProblemCode[];
  /** The answer of 202, where the caller may prefer a job. */
  isJob?: z.ZodType;
  /** Whether `?dryRun=true` answers 200 instead of 201. */
  isDryRun?: boolean;
  /** Whether it takes `If-Match`. */
  isVersioned?: boolean;
  /** The media type of a file that it answers. */
  file?: string;
  /** Whether it answers server-sent events. */
  isStream?: boolean;
};

export const operationKey = 'carom:operation';

export const Operation = (settings: OperationSettings): MethodDecorator =>
  applyDecorators(SetMetadata(operationKey, settings), HttpCode(settings.status ?? 200));

export type ApiRequest = FastifyRequest & { actor?: Actor };

/** No setting is nested deeper than ten levels. A body of two megabytes can hold a million, and
 *  reading it would overflow the stack. */
const maxDepth = 50;

/** Postgres cannot store NUL or half a surrogate pair, so every route refuses them here. */
const unstorable = (value: unknown, path: string[] = []): FieldError[] => {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed()
      ? [{ path: path.join('.'), code: 'character_not_allowed', message: 'holds a character that no text can hold' }]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  if (path.length === maxDepth)
    return [{ path: path.join('.'), code: 'nested_too_deep', message: `is nested deeper than ${maxDepth} levels` }];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...unstorable(name, [...path, '(name)']),
    ...unstorable(inner, [...path, name]),
  ]);
};

const parse = (schema: z.ZodType, value: unknown, where: string): unknown => {
  const result = schema.safeParse(value);
  const errors = result.success ? unstorable(value) : fieldErrorsOf(result.error);
  if (result.success && errors.length === 0) return result.data;
  throw invalid(errors, where);
};

/** @throws Problem for a body that only the upload routes read. */
const parseBody = (schema: z.ZodType, body: unknown): unknown => {
  if (body instanceof Readable)
    throw new Problem(415, 'content_type_unknown', 'this route reads JSON: send content-type: application/json');
  return parse(schema, body ?? {}, 'body');
};

/** The request as the handler gets it: each part read by its schema, so that no handler sees what
 *  was not declared. */
export type Given<Params = unknown, Query = unknown, Body = unknown> = {
  params: Params;
  query: Query;
  body: Body;
  actor: Actor;
  request: ApiRequest;
  reply: FastifyReply;
};

export const Input = createParamDecorator((_: unknown, context: ExecutionContext): Given => {
  const settings = Reflect.getMetadata(operationKey, context.getHandler()) as OperationSettings;
  const request = context.switchToHttp().getRequest<ApiRequest>();
  const { params, query, body } = settings;
  return {
    params: params ? parse(params, request.params, 'path') : {},
    query: query ? parse(query, request.query, 'query') : {},
    body: body ? parseBody(body, request.body) : undefined,
    actor: request.actor ?? anonymous,
    request,
    reply: context.switchToHttp().getResponse<FastifyReply>(),
  };
});
