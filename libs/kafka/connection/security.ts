import { readFileSync } from 'node:fs';
import { CodedError, type kafkaSettings, type Logger } from '#runtime';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { z } from 'zod';
import { createTokenSource } from './oauth.js';
import type { KafkaConnection, KafkaSecurity } from './ports.js';

type KafkaSettings = z.infer<z.ZodObject<typeof kafkaSettings>>;

/** The connection that the environment describes.
 *  @throws CodedError CONFIG_INVALID when settings are missing that belong together, or a file
 *    cannot be read. */
export const connectionOf = (settings: KafkaSettings, clientId: string, log: Logger): KafkaConnection => ({
  brokers: settings.KAFKA_BROKERS,
  clientId,
  topicPrefix: settings.CAROM_TOPIC_PREFIX,
  security: { tls: tlsOf(settings), sasl: saslOf(settings) },
  log,
});

const invalid = (message: string, cause?: unknown): CodedError =>
  new CodedError('CONFIG_INVALID', `the environment is not usable: ${message}`, { cause });

const pemOf = (settings: KafkaSettings, name: 'KAFKA_TLS_CA' | 'KAFKA_TLS_CERT' | 'KAFKA_TLS_KEY') => {
  const file = settings[name];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw invalid(`${name}: the file ${file} cannot be read`, thrown);
  }
};

const tlsOf = (settings: KafkaSettings): KafkaSecurity['tls'] => {
  const ca = pemOf(settings, 'KAFKA_TLS_CA');
  const cert = pemOf(settings, 'KAFKA_TLS_CERT');
  const key = pemOf(settings, 'KAFKA_TLS_KEY');
  if (!settings.KAFKA_TLS) {
    // A certificate without encryption is a mistake that would send credentials in the clear.
    if (ca ?? cert ?? key) throw invalid('KAFKA_TLS: must be true where KAFKA_TLS_CA, _CERT or _KEY is set');
    return null;
  }
  if ((cert === undefined) !== (key === undefined))
    throw invalid('KAFKA_TLS_CERT and KAFKA_TLS_KEY: set both, or neither');
  return { ca, cert, key };
};

const saslOf = (settings: KafkaSettings): KafkaSecurity['sasl'] => {
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  const needed = (name: keyof KafkaSettings): string => {
    const value = settings[name];
    if (typeof value !== 'string') throw invalid(`${name}: must be set for KAFKA_SASL_MECHANISM=${mechanism}`);
    return value;
  };
  if (mechanism === undefined) {
    if (settings.KAFKA_SASL_USERNAME ?? settings.KAFKA_SASL_PASSWORD)
      throw invalid('KAFKA_SASL_MECHANISM: must be set where KAFKA_SASL_USERNAME or _PASSWORD is');
    return null;
  }
  if (mechanism !== 'oauthbearer')
    return { mechanism, username: needed('KAFKA_SASL_USERNAME'), password: needed('KAFKA_SASL_PASSWORD') };
  return {
    mechanism,
    tokenUrl: needed('KAFKA_OAUTH_TOKEN_URL'),
    clientId: needed('KAFKA_OAUTH_CLIENT_ID'),
    clientSecret: needed('KAFKA_OAUTH_CLIENT_SECRET'),
    scope: settings.KAFKA_OAUTH_SCOPE,
  };
};

/** The same for kafkajs. Certificates are always verified, against the broker's name too. */
export const clientSecurity = (security: KafkaSecurity | undefined): Pick<KafkaConfig, 'ssl' | 'sasl'> => {
  const { tls = null, sasl = null } = security ?? {};
  return { ...(tls && { ssl: { ...tls } }), ...(sasl && { sasl: clientSasl(sasl) }) };
};

const clientSasl = (sasl: NonNullable<KafkaSecurity['sasl']>): SASLOptions => {
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  const { mechanism } = sasl;
  return { mechanism, oauthBearerProvider: createTokenSource(sasl) };
};
