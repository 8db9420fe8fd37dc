import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectionOf, ensureTopics } from '#kafka';
import { serviceUrlOf } from '#postgres';
import { createLog, kafkaSettings, readConfig } from '#runtime';
import { z } from 'zod';
import { startKafka, type KafkaServer } from '../../stack/servers/kafka.js';
import { startPostgres, type PostgresServer } from '../../stack/servers/postgres.js';
import { startRedis, type RedisServer } from '../../stack/servers/redis.js';
import { makeCertificates, type TestCertificates } from '../support/certificates.js';

/** Servers that refuse plain connections, with certificates made for this run. */
let folder: string;
let certificates: TestCertificates;
let kafka: KafkaServer;
let postgres: PostgresServer;
let redis: RedisServer;
let tokens: Server;
const password = randomBytes(12).toString('hex');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carom-secured-'));
  chmodSync(folder, 0o711);
  certificates = await makeCertificates(join(folder, 'certificates'));
  const { ca, serverCert: cert, serverKey: key } = certificates;
  const secured = { ca, cert, key, user: 'carom', password };
  [kafka, postgres, redis] = await Promise.all([
    startKafka({ dataDir: join(folder, 'kafka'), secured }),
    startPostgres({ dataDir: join(folder, 'postgres'), durable: false, secured }),
    startRedis({ dataDir: join(folder, 'redis'), secured }),
  ]);
  tokens = createServer(answerToken).listen(0, '127.0.0.1');
}, 120_000);
afterAll(async () => {
  tokens?.close();
  await Promise.all([kafka?.stop(), postgres?.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** An OAuth server that gives an unsigned token, as the broker of this test accepts it. */
const answerToken: Parameters<typeof createServer>[1] = (request, response) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const expected = `Basic ${Buffer.from('carom:the-client-secret').toString('base64')}`;
  request.resume();
  if (request.headers.authorization !== expected) return void response.writeHead(401).end('{}');
  const token = `${part({ alg: 'none' })}.${part({ sub: 'carom', iat: now, exp: now + 600 })}.`;
  response.end(JSON.stringify({ access_token: token, expires_in: 600 }));
};

const tlsEnv = () => ({ KAFKA_BROKERS: kafka.brokers, KAFKA_TLS: 'true', KAFKA_TLS_CA: certificates.ca });
const scramEnv = (mechanism: string, secret = password) => ({
  ...tlsEnv(),
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'carom',
  KAFKA_SASL_PASSWORD: secret,
});
const oauthEnv = (clientSecret: string) => ({
  ...tlsEnv(),
  KAFKA_SASL_MECHANISM: 'oauthbearer',
  KAFKA_OAUTH_TOKEN_URL: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`,
  KAFKA_OAUTH_CLIENT_ID: 'carom',
  KAFKA_OAUTH_CLIENT_SECRET: clientSecret,
});
const mutualEnv = () => ({
  ...tlsEnv(),
  KAFKA_BROKERS: `127.0.0.1:${kafka.mutualPort}`,
  KAFKA_TLS_CERT: certificates.clientCert,
  KAFKA_TLS_KEY: certificates.clientKey,
});

/** Creates the topics, which takes an authenticated connection, under a prefix of its own. */
const makeTopics = (env: Record<string, string>, prefix: string): Promise<void> => {
  const settings = readConfig(z.object(kafkaSettings), { ...env, CAROM_TOPIC_PREFIX: `${prefix}.` });
  return ensureTopics(connectionOf(settings, 'spec', createLog('spec', 'silent')));
};

describe('secured servers', () => {
  it.each([
    ['PLAIN', () => scramEnv('plain')],
    ['SCRAM-SHA-256', () => scramEnv('scram-sha-256')],
    ['SCRAM-SHA-512', () => scramEnv('scram-sha-512')],
    ['OAUTHBEARER', () => oauthEnv('the-client-secret')],
    ['a client certificate', mutualEnv],
  ])('let Carom reach Kafka over TLS with %s', async (name, env) => {
    await makeTopics(env(), name.toLowerCase().replaceAll(/\W/g, '-'));
  });

  it.each([
    ['a wrong password', () => scramEnv('scram-sha-512', 'wrong'), /authentication/i],
    ['a client that the token server refuses', () => oauthEnv('wrong'), /answered 401|authentication/i],
    [
      'an authority that is not trusted',
      () => ({ ...scramEnv('plain'), KAFKA_TLS_CA: certificates.clientCert }),
      /certificate/i,
    ],
    ['no encryption', () => ({ KAFKA_BROKERS: kafka.brokers }), /KAFKA_AWAY|closed|cannot be reached/],
  ])(
    'refuse %s, and the error says why',
    async (_name, env, why) => {
      await expect(makeTopics(env(), 'refused')).rejects.toThrow(why);
    },
    90_000,
  );

  it.each([
    [{ KAFKA_SASL_MECHANISM: 'plain' }, /KAFKA_SASL_USERNAME: must be set/],
    [{ KAFKA_SASL_USERNAME: 'carom' }, /KAFKA_SASL_MECHANISM: must be set/],
    [{ KAFKA_TLS_CA: 'ca.pem', KAFKA_TLS: 'true' }, /KAFKA_TLS_CA: the file ca.pem cannot be read/],
  ])('need settings that belong together: %j', (env, why) => {
    const settings = readConfig(z.object(kafkaSettings), { KAFKA_BROKERS: 'a:1', ...env });
    expect(() => connectionOf(settings, 'spec', createLog('spec', 'silent'))).toThrow(why);
  });

  it('carry the whole story of the demo: Kafka with SCRAM, Postgres and Redis over TLS', async () => {
    const env = {
      ...process.env,
      ...scramEnv('scram-sha-512'),
      DATABASE_URL: serviceUrlOf(postgres.url, 'carom_services'),
      DATABASE_OWNER_URL: postgres.url,
      REDIS_URL: redis.url,
      REDIS_TLS_CA: certificates.ca,
    };
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/demo/demo.js', '--servers'], {
      env,
      timeout: 150_000,
    });
    expect(stdout).toContain('All of it held.');
    expect(stdout.match(/✓/g)?.length).toBeGreaterThanOrEqual(9);
  }, 180_000);
});
