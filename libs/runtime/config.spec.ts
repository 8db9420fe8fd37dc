import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { everyApp, flag, maskConfig, outgoing, port, readConfig } from './config.js';
import { messageOf } from './errors.js';

const schema = z.object({
  ...everyApp,
  INGEST_PORT: port(8080),
  DATABASE_URL: z.string().optional(),
  TRUST: flag(false),
});
const strong = '5d0c1f7e92ab46838e1b7cf0a3d95264';
const enough = { KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093', CAROM_SECRET: strong };

describe('configuration from the environment', () => {
  it('fills in defaults and splits lists', () => {
    expect(readConfig(schema, { ...enough, INGEST_PORT: '' })).toMatchObject({
      KAFKA_BROKERS: ['127.0.0.1:9092', '127.0.0.1:9093'],
      CAROM_SECRET: [strong],
      INGEST_PORT: 8080,
      TRUST: false,
    });
  });

  it('names every wrong variable at once', () => {
    expect(() => readConfig(schema, { KAFKA_BROKERS: 'x', CAROM_SECRET: 'short', INGEST_PORT: '99999' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/CAROM_SECRET.*INGEST_PORT/) }),
    );
  });

  it('says in words what is wrong with each', () => {
    const said = (env: NodeJS.ProcessEnv): string => {
      try {
        readConfig(schema.extend(outgoing), { ...enough, ...env });
        return 'nothing';
      } catch (thrown) {
        return messageOf(thrown).replace('the environment is not usable: ', '');
      }
    };
    expect(said({})).toBe('nothing');
    expect(said({ KAFKA_BROKERS: '', CAROM_SECRET: '' })).toBe('KAFKA_BROKERS: must be set; CAROM_SECRET: must be set');
    expect(said({ CAROM_SECRET: 'change-me-to-something-longer-please' })).toBe(
      'CAROM_SECRET: the first secret can be guessed, because it contains a word of a sample; take one of "openssl rand -hex 32"',
    );
    expect(said({ KAFKA_BROKERS: 'kafka' })).toBe('KAFKA_BROKERS (entry 1): each broker is host:port');
    expect(said({ INGEST_PORT: 'http' })).toBe('INGEST_PORT: must be a whole number, not "http"');
    expect(said({ CAROM_ALLOW_ADDRESSES: '10.0.0.0/8,localhost' })).toBe(
      'CAROM_ALLOW_ADDRESSES (entry 2): a CIDR range such as 10.0.0.0/8',
    );
  });

  it('accepts a weak secret of before only behind a strong one', () => {
    const weak = 'a secret of before';
    expect(readConfig(schema, { ...enough, CAROM_SECRET: `${strong},${weak}` }).CAROM_SECRET).toEqual([strong, weak]);
    expect(() => readConfig(schema, { ...enough, CAROM_SECRET: `${weak},${strong}` })).toThrow('can be guessed');
    expect(() => readConfig(schema, { ...enough, CAROM_SECRET: `${strong},short` })).toThrow('(entry 2)');
  });

  it('prints no secret and no password', () => {
    const config = readConfig(schema, { ...enough, DATABASE_URL: 'postgres://carom:hunter2@db:5432/carom' });
    const printed = JSON.stringify(maskConfig(config));
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain(strong);
    expect(printed).toContain('postgres://carom:***@db:5432/carom');
  });

  it.each([
    ['postgres://carom:hunt@er2@db/carom', 'postgres://carom:***@db/carom'],
    [
      'postgres://db/carom?user=carom&password=hunter2&sslmode=require',
      'postgres://db/carom?user=carom&password=***&sslmode=require',
    ],
    ['redis://:hunter2@cache:6379', 'redis://:***@cache:6379'],
  ])('prints no password wherever a URL may hold one: %s', (url, printed) => {
    expect(maskConfig({ DATABASE_URL: url })).toEqual({ DATABASE_URL: printed });
  });
});
