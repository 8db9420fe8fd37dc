import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiControllers, ConsoleModule } from '../../console.module.js';
import type { ConsolePorts } from '../../ports.js';
import { documentController } from '../http.module.js';
import { openApiOf } from './openapi.js';
import { routesOf } from './routes.js';

type Operation = {
  operationId: string;
  summary: string;
  responses: object;
  parameters: { name: string; in: string }[];
};
const controllers = [...apiControllers, documentController(apiControllers)];
const document = openApiOf(controllers) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

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
      'post /api/v1/me/password',
      'post /api/v1/sign-in-links',
      'put /api/v1/views/:id',
    ]);
  });
});
