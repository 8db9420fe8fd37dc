import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod, type Type } from '@nestjs/common';
import { z } from 'zod';
import { operationKey, type OperationSettings } from './operation.js';

/** The OpenAPI 3.1 document, written from what each route says of itself, so that it cannot tell of a route or a field there is not. */

type Route = { method: string; path: string; name: string; settings: OperationSettings };

/** Every route of these controllers, from the metadata that Nest itself routes by. */
export const routesOf = (controllers: readonly Type[]): Route[] =>
  controllers.flatMap((controller) => {
    const root = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = name === 'constructor' ? undefined : prototype[name];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod].toLowerCase();
      const path = `/${root}/${Reflect.getMetadata(PATH_METADATA, handler) as string}`
        .replace(/\/+/g, '/')
        .replace(/\/$/, '');
      const settings = Reflect.getMetadata(operationKey, handler) as OperationSettings;
      return [{ method, path, name: `${controller.name.replace(/Controller$/, '')}.${name}`, settings }];
    });
  });

/** Refinements that JSON Schema cannot say are left to the description of the error; a body is described as it may be sent (with
 *  defaults left out), an answer as it comes. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
};

type ObjectSchema = { properties?: Record<string, { description?: string }>; required?: string[] };

const parametersOf = (schema: z.ZodType | undefined, place: 'path' | 'query'): object[] => {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
};

const problemRef = { $ref: '#/components/responses/problem' };

const operationOf = ({ name, path, settings }: Route): object => {
  const { summary, role, params, query, body, documents, streams, answer, status = 200 } = settings;
  const described = documents ?? body;
  const content = streams
    ? Object.fromEntries(streams.map((type) => [type, { schema: { type: 'string' } }]))
    : described && { 'application/json': { schema: schemaOf(described, 'input') } };
  return {
    operationId: name,
    summary,
    tags: [path.split('/')[3] ?? 'api'],
    ...(role === 'none' ? { security: [] } : { description: `Needs the role ${role}.` }),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      [status]: {
        description: status === 204 ? 'Done; there is nothing to say.' : 'Done.',
        ...(answer && { content: { 'application/json': { schema: schemaOf(answer, 'output') } } }),
      },
      default: problemRef,
    },
  };
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: 'urn:carom:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; a program may act on it.' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message', 'code'],
        properties: { path: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};

export const openApiOf = (controllers: readonly Type[]): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routesOf(controllers)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Carom', version: '1', description: 'Postback tracking: catalog, log, conversions, deliveries.' },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: {
          description: 'Refused or failed: a problem document (RFC 9457).',
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      },
    },
  };
};
