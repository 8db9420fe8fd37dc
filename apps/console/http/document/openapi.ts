import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { version } from '../../version.js';
import { createComponentSchemas, type ComponentSchemas } from './component-schemas.js';
import { describeFields } from './describe-fields.js';
import { itemSchemaOf } from '../csv.js';
import type { OperationSettings } from '../operation.js';
import { problemCodes, type ProblemCode } from '../problem-codes.js';
import { routesOf, type Route } from './routes.js';

/** The OpenAPI 3.1 document, written from the `@Operation` of each route: it cannot describe a
 *  route or a field that does not exist. */

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const isWrite = (method: string): boolean => method !== 'get';

type ObjectSchema = { properties?: Record<string, { description?: string }>; required?: string[] };

const parametersOf = (
  schemas: ComponentSchemas,
  schema: z.ZodType | undefined,
  { operationId, place }: { operationId: string; place: 'path' | 'query' },
): object[] => {
  if (!schema) return [];
  const made = schemas.inline(schema, 'input');
  describeFields(made, operationId, place);
  const { properties = {}, required = [] } = made as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
};

const header = (name: string, description: string, example: string): object => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', examples: [example] },
});

const headersOf = ({ method, settings: { role, isJob, isVersioned } }: Route): object[] => [
  ...(isWrite(method) && role !== 'none'
    ? [
        header(
          'Idempotency-Key',
          'A repetition with the same key is answered as the first time, not done again.',
          'upload-2026-03-01',
        ),
      ]
    : []),
  ...(isJob ? [header('Prefer', '`respond-async`: answers 202 with a job at once.', 'respond-async')] : []),
  ...(isVersioned
    ? [header('If-Match', 'The version you read: a change that came in between is not overwritten.', '"3"')]
    : []),
];

/** What every operation of this kind can answer, and what this one states itself. */
const codesOf = ({ method, settings }: Route): Set<ProblemCode> => {
  const { role, params, query, body, streams, errors = [] } = settings;
  const reads = body !== undefined || streams !== undefined;
  const isPaged = query instanceof z.ZodObject && 'cursor' in query.shape;
  const guarded = role !== 'none';
  const changes = isWrite(method);
  return new Set<ProblemCode>([
    'url_unreadable',
    ...(query ? (['headers_too_large'] as const) : []),
    ...(body ? (['malformed_json'] as const) : []),
    ...(guarded ? (['token_missing', 'token_wrong', 'session_ended', 'role_too_low'] as const) : []),
    ...(guarded && changes ? (['csrf_header_missing'] as const) : []),
    ...(changes ? (['origin_foreign'] as const) : []),
    ...(params ? (['not_found'] as const) : []),
    ...(reads ? (['too_large', 'content_type_unknown'] as const) : []),
    ...((params ?? query ?? body) ? (['invalid'] as const) : []),
    ...(isPaged ? (['cursor_invalid'] as const) : []),
    ...(guarded && changes ? idempotencyCodes : []),
    'too_many_requests',
    'unexpected',
    'temporarily_unavailable',
    ...errors,
  ]);
};
const idempotencyCodes = [
  'idempotency_in_progress',
  'idempotency_outcome_unknown',
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'idempotency_keys_full',
] as const;

const problemResponses = (route: Route): Record<string, object> =>
  Object.fromEntries(
    [...Map.groupBy(codesOf(route), (code) => problemCodes[code].status)]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `- \`${code}\`: ${problemCodes[code].sentence}`).join('\n'),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );

const contentOf = (schemas: ComponentSchemas, { method, operationId, settings }: Route): object | undefined => {
  const { answer, isStream, file } = settings;
  if (file !== undefined) return { [file]: { schema: { type: 'string' } } };
  if (isStream) return { 'text/event-stream': { schema: { type: 'string' } } };
  if (!answer) return undefined;
  const json = { 'application/json': { schema: schemas.named(answer, 'output', `${capitalised(operationId)}Answer`) } };
  return method === 'get' && itemSchemaOf(answer) !== null
    ? { ...json, 'text/csv': { schema: { type: 'string' } } }
    : json;
};

const successOf = (schemas: ComponentSchemas, route: Route): Record<string, object> => {
  const { status = 200, isJob, isDryRun } = route.settings;
  const content = contentOf(schemas, route);
  const done = { description: status === 204 ? 'Done.' : 'The answer.', ...(content && { content }) };
  return {
    [status]: done,
    ...(isDryRun && status === 201 && { 200: { ...done, description: 'Of a dry run: nothing was kept.' } }),
    ...(isJob && {
      202: {
        description: 'The job that does it.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/AcceptedJob' } } },
      },
    }),
    ...(route.method === 'get' && { 304: { description: 'Nothing has changed since `If-None-Match`.' } }),
  };
};

const bodyOf = (schemas: ComponentSchemas, { operationId, settings }: Route): object | undefined => {
  const { body, documents, streams } = settings;
  if (streams) return Object.fromEntries(streams.map((type) => [type, { schema: { type: 'string' } }]));
  const described = documents ?? body;
  if (!described) return undefined;
  return { 'application/json': { schema: schemas.named(described, 'input', `${capitalised(operationId)}Body`) } };
};

const roleSentence = (role: OperationSettings['role']): string =>
  role === 'none' ? 'Open to all who reach the port.' : `Needs the role ${role}.`;

const operationOf = (schemas: ComponentSchemas, route: Route): object => {
  const { operationId, tag, settings } = route;
  const { summary, role, params, query } = settings;
  const content = bodyOf(schemas, route);
  return {
    operationId,
    summary,
    description: roleSentence(role),
    tags: [tag],
    ...(role === 'none' && { security: [] }),
    parameters: [
      ...parametersOf(schemas, params, { operationId, place: 'path' }),
      ...parametersOf(schemas, query, { operationId, place: 'query' }),
      ...headersOf(route),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: { ...successOf(schemas, route), ...problemResponses(route) },
  };
};

const problem = z
  .object({
    type: z.string().describe('urn:carom:problem:<code>'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('stable; a program may act on it'),
    detail: z.string().describe('what happened and what to do next'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), code: z.string() }))
      .optional()
      .describe('one per field that is wrong'),
  })
  .meta({ id: 'Problem' });

export const openApiOf = (controllers: readonly Type[]): object => {
  const schemas = createComponentSchemas();
  schemas.named(problem, 'output', 'Problem');
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routesOf(controllers)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationOf(schemas, route);
    if (route.settings.isJob) schemas.named(route.settings.isJob, 'output', 'AcceptedJob');
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carom',
      version,
      description: 'Postback tracking: catalog, log, conversions, deliveries, reports.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'carom_session' },
      },
      schemas: schemas.all(),
    },
  };
};
