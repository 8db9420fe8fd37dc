import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiControllers, ConsoleModule } from '../../console.module.js';
import type { ConsolePorts } from '../../ports.js';
import { documentController } from '../http.module.js';
import { fieldSentences, undescribedFields } from './describe-fields.js';
import { openApiOf } from './openapi.js';
import { routesOf } from './routes.js';

type Operation = {
  operationId: string;
  summary: string;
  responses: object;
  parameters: { name: string; in: string; description?: string; schema: Record<string, unknown> }[];
};
const controllers = [...apiControllers, documentController(apiControllers)];
type Schema = Record<string, unknown>;
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };
const document = openApiOf(controllers) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every example beside its schema. */
const examplesOf = (value: unknown, at = ''): { at: string; schema: Schema; example: unknown }[] => {
  if (Array.isArray(value)) return value.flatMap((each, index) => examplesOf(each, `${at}/${index}`));
  if (!isSchema(value)) return [];
  const { examples, ...schema } = value;
  const own = Array.isArray(examples) ? examples.map((example: unknown) => ({ at, schema, example })) : [];
  const inner = Array.isArray(examples) ? schema : value;
  return [...own, ...Object.entries(inner).flatMap(([name, each]) => examplesOf(each, `${at}/${name}`))];
};

/** The names of all fields and parameters. */
const fieldsOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (!isSchema(value)) return [];
  const { properties, parameters } = value;
  return [
    ...(isSchema(properties) ? Object.keys(properties) : []),
    ...(Array.isArray(parameters) ? parameters.map((each: { name: string }) => each.name) : []),
    ...Object.values(value).flatMap(fieldsOf),
  ];
};

describe('the OpenAPI document', () => {
  it('has every route that the server answers, and no other', async () => {
    const served: string[] = [];
    const adapter = new FastifyAdapter();
    adapter.getInstance().addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (each !== 'HEAD') served.push(`${each.toLowerCase()} ${url}`);
    });
    const app = await NestFactory.create<NestFastifyApplication>(
      ConsoleModule.of({ ports: { kafka: {} } as ConsolePorts, close: () => Promise.resolve() }),
      adapter,
      {
        logger: false,
      },
    );
    await app.init();
    await app.close();
    const described = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(described.sort()).toEqual(served.filter((route) => route.includes('/api/v1')).sort());
  });

  it('says of each what it does, under a name of its own, with its parameters', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, summary, parameters } of operations) {
      expect(summary).toMatch(/^[A-Z].*\.$/s);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(inPath);
    }
  });

  it('names each operation by a verb and what it is done to', () => {
    const verbs =
      /^(list|read|create|replace|update|remove|cancel|replay|upload|preview|test|pause|resume|stream|summarise|search|release|dismiss|rotate|republish|revoke|reset|change|sign|accept|map|start|put|analyse)[A-Z]/;
    expect(operations.map(({ operationId }) => operationId).filter((id) => !verbs.test(id))).toEqual([]);
  });

  it('describes every field and parameter, each with an example', () => {
    const inSchemas = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      undescribedFields(schema, name),
    );
    const inParameters = operations.flatMap(({ operationId, parameters }) =>
      parameters.flatMap(({ name, description = '', schema }) =>
        undescribedFields({ properties: { [name]: { ...schema, description } } }, operationId).concat(
          description === '' ? [`${operationId}.${name}: no description`] : [],
        ),
      ),
    );
    expect([...inSchemas, ...inParameters]).toEqual([]);
  });

  it('shows only examples that its schemas take', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'carom', components: document.components });
    const distinct = new Map(examplesOf(document).map((each) => [JSON.stringify([each.schema, each.example]), each]));
    const wrong = [...distinct.values()].filter(({ schema, example }) => {
      const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"carom#/components/')) as object;
      return !ajv.validate(resolved, example);
    });
    expect(wrong.map(({ at, example }) => `${at}: ${JSON.stringify(example)}`)).toEqual([]);
  });

  it('says in words what each code of a failure means', () => {
    const responses = operations.flatMap(({ operationId, responses: of }) =>
      Object.entries(of as Record<string, { description: string }>).map(([status, { description }]) => ({
        at: `${operationId} ${status}`,
        status: Number(status),
        description,
      })),
    );
    const failures = responses.filter(({ status }) => status >= 400);
    const wordless = failures.filter(
      ({ description }) => !description.split('\n').every((line) => /^- `\w+`: \S.*[.:]$/.test(line)),
    );
    expect(failures.length).toBeGreaterThan(operations.length);
    expect(wordless).toEqual([]);
  });

  it('has for every sentence about a field a field: what is left out is deleted', () => {
    const fields = new Set(fieldsOf(document));
    expect(fieldSentences().filter((name) => !fields.has(name.split('.').at(-1) ?? ''))).toEqual([]);
  });

  it('asks a role of every route but itself, the root, and those by which people sign in', () => {
    const open = routesOf(controllers).filter(({ settings }) => settings.role === 'none');
    expect(open.map(({ path }) => path).sort()).toEqual([
      '/api/v1',
      '/api/v1/join',
      '/api/v1/openapi.json',
      '/api/v1/session',
    ]);
  });

  it('lets those who may only read change nothing but what is their own', () => {
    const writes = routesOf(controllers).filter(({ method }) => method !== 'get');
    const byViewers = writes.filter(({ settings }) => settings.role === 'viewer');
    expect(byViewers.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /api/v1/session',
      'delete /api/v1/sessions/:id',
      'delete /api/v1/views/:id',
      'post /api/v1/exports',
      'post /api/v1/me/password',
      'post /api/v1/sign-in-links',
      'put /api/v1/views/:id',
    ]);
  });
});
