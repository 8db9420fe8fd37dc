import { z } from 'zod';
import { CodedError, messageOf } from './errors.js';
import { refuseOldNode } from './node-version.js';
import { weaknessOf } from './strong-secret.js';

/** Reads an app's settings from the environment, once, at start. Each app has one schema; an empty
 * variable counts as not set, because that is how compose files and unit files say "none". Throws
 * `CONFIG_INVALID` naming every wrong variable at once. */
export const readConfig = <Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.infer<Schema> => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const [name = '', ...inside] = issue.path.map((part) =>
      typeof part === 'number' ? `(entry ${part + 1})` : String(part),
    );
    return `${[name, ...inside].join(' ')}: ${saying(issue, given[name])}`;
  });
  throw new CodedError('CONFIG_INVALID', `the environment is not usable: ${problems.join('; ')}`);
};

/** zod speaks of types; the environment knows only texts, and whether there is one. */
const saying = (issue: z.core.$ZodIssue, given: string | undefined): string => {
  if (issue.code !== 'invalid_type') return issue.message;
  if (given === undefined) return 'must be set';
  return issue.expected === 'number' || issue.expected === 'int'
    ? `must be a whole number, not "${given}"`
    : issue.message;
};

/** The same for a process that starts: what is wrong is one sentence on its error output, and not a
 * stack. */
export const readConfigOrExit = <Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.infer<Schema> => {
  try {
    refuseOldNode();
    return readConfig(schema, env);
  } catch (thrown) {
    process.stderr.write(`cannot start: ${messageOf(thrown)}\n`);
    process.exit(1);
  }
};

const secretNames = /SECRET|TOKEN|PASSWORD|KEY$/;

/** A password before the host, to the last `@` in front of it as every reader of URLs has it, or
 * among the parameters. */
const withoutPasswords = (url: string): string =>
  url.replace(/(:\/\/[^:/?#@]*:)[^/?#]*@/, '$1***@').replace(/([?&][^=&#]*password=)[^&#]*/gi, '$1***');

/** The settings as they may be printed: secrets only as "set", passwords inside URLs as ***. */
export const maskConfig = (config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (value === undefined) return [name, 'not set'];
      if (secretNames.test(name)) return [name, 'set'];
      return [name, typeof value === 'string' ? withoutPasswords(value) : value];
    }),
  );

/** Building blocks of the apps' schemas: an environment holds only text. */
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
export const wholeNumber = (fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .transform((text) => text === 'true' || text === '1')
    .default(fallback);
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** How Kafka is reached. `connectionOf` of libs/kafka makes a connection of it and checks what
 * belongs together; `docs/operating/secured-servers.md` has the values of managed services. */
export const kafkaSettings = {
  KAFKA_BROKERS: list.pipe(z.array(z.string().regex(/^.+:\d{1,5}$/, 'each broker is host:port')).min(1)),
  /** Encrypts the connections. */
  KAFKA_TLS: flag(false),
  /** PEM files: the authority to trust; certificate and key of ours for mutual TLS. */
  KAFKA_TLS_CA: z.string().optional(),
  KAFKA_TLS_CERT: z.string().optional(),
  KAFKA_TLS_KEY: z.string().optional(),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** For `oauthbearer`: where a token is fetched with client credentials. */
  KAFKA_OAUTH_TOKEN_URL: z.url().optional(),
  KAFKA_OAUTH_CLIENT_ID: z.string().optional(),
  KAFKA_OAUTH_CLIENT_SECRET: z.string().optional(),
  KAFKA_OAUTH_SCOPE: z.string().optional(),
  CAROM_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/)
    .default(''),
};

/** Secrets, comma separated: the first signs and seals, all are accepted, for rotation.
 * Only the first must be strong: a weak one from before can stay behind it until it is removed. */
const secrets = list
  .pipe(z.array(z.string().min(16, 'each secret needs at least 16 characters')).min(1))
  .superRefine(([first = ''], { addIssue }) => {
    const weakness = weaknessOf(first);
    if (weakness === null) return;
    const message = `the first secret can be guessed, because it ${weakness}; take one of "openssl rand -hex 32"`;
    addIssue({ code: 'custom', message });
  });

/** What every app needs. */
export const everyApp = {
  ...kafkaSettings,
  CAROM_SECRET: secrets,
  CAROM_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** The address that health and metrics listen on. */
  CAROM_HEALTH_HOST: z.string().default('127.0.0.1'),
};

/** What the apps that call destinations need: dispatch to call them, console to say beforehand what
 * dispatch will say. */
export const outgoing = {
  /** CIDR ranges that destinations may be in besides the open internet, such as `127.0.0.0/8` for a
   * receiver on this machine. */
  CAROM_ALLOW_ADDRESSES: list
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'a CIDR range such as 10.0.0.0/8')))
    .default([]),
  /** Ports on the open internet that destinations may use. */
  CAROM_ALLOW_PORTS: list
    .pipe(z.array(z.coerce.number<string>().int().min(1).max(65_535)))
    .default([80, 443, 8080, 8443]),
};
