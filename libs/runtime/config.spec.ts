import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { everyApp, flag, maskConfig, port, readConfig } from './config.js';

const schema = z.object({
  ...everyApp,
  INGEST_PORT: port(8080),
  DATABASE_URL: z.string().optional(),
  TRUST: flag(false),
});
const enough = { KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093', CAROM_SECRET: '0123456789abcdef' };

describe('configuration from the environment', () => {
  it('fills in defaults and splits lists', () => {
    expect(readConfig(schema, { ...enough, INGEST_PORT: '' })).toMatchObject({
      KAFKA_BROKERS: ['127.0.0.1:9092', '127.0.0.1:9093'],
      CAROM_SECRET: ['0123456789abcdef'],
      INGEST_PORT: 8080,
      TRUST: false,
    });
  });

  it('names every wrong variable at once', () => {
    expect(() => readConfig(schema, { KAFKA_BROKERS: 'x', CAROM_SECRET: 'short', INGEST_PORT: '99999' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/CAROM_SECRET.*INGEST_PORT/) }),
    );
  });

  it('prints no secret and no password', () => {
    const config = readConfig(schema, { ...enough, DATABASE_URL: 'postgres://carom:hunter2@db:5432/carom' });
    const printed = JSON.stringify(maskConfig(config));
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain('0123456789abcdef');
    expect(printed).toContain('postgres://carom:***@db:5432/carom');
  });
});
