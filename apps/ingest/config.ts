import { parseRange } from '#domain';
import { everyApp, list, port, wholeNumber } from '#runtime';
import { z } from 'zod';

const ranges = list
  .pipe(z.array(z.string().refine((text) => parseRange(text) !== null, 'an address or a CIDR range')))
  .default([]);

/** What ingest reads from the environment. */
const variables = z.object({
  ...everyApp,
  INGEST_PORT: port(8080),
  INGEST_HOST: z.string().default('0.0.0.0'),
  INGEST_HEALTH_PORT: port(9080),
  /** Where the open internet reaches ingest: what a network signed when it signed a whole URI. */
  CAROM_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('http://127.0.0.1:8080'),
  /** The folder of the catalog's snapshot and of the spool. One folder per process. */
  CAROM_DATA_DIR: z.string().default('.carom/ingest'),
  /** What may wait on the disk while Kafka is away; beyond it postbacks are answered 503. */
  CAROM_SPOOL_MAX_BYTES: wholeNumber(2_147_483_648, 65_536),
  /** Proxies whose `X-Forwarded-For` is believed. */
  CAROM_TRUSTED_PROXIES: ranges,
  CAROM_TLS_CERT: z.string().optional(),
  CAROM_TLS_KEY: z.string().optional(),
  CAROM_MAX_URL_BYTES: wholeNumber(16_384, 256, 262_144),
  CAROM_MAX_BODY_BYTES: wholeNumber(65_536, 256, 524_288),
  /** How long a caller may take for its headers and its whole request. */
  CAROM_REQUEST_TIMEOUT_MS: wholeNumber(15_000, 100, 600_000),
  /** Refused calls of unauthorised callers that are kept per second, over all callers; the rest is counted only. */
  CAROM_UNAUTHORISED_KEPT_PER_SECOND: wholeNumber(10),
  /** Unauthorised calls that one address may make per minute before it is answered 429. */
  CAROM_UNAUTHORISED_PER_ADDRESS_PER_MINUTE: wholeNumber(300, 1),
});
/** A certificate without its key would be no TLS at all, and nobody would notice. */
export const ingestConfig = variables.refine(
  ({ CAROM_TLS_CERT, CAROM_TLS_KEY }) => (CAROM_TLS_CERT === undefined) === (CAROM_TLS_KEY === undefined),
  { path: ['CAROM_TLS_CERT'], message: 'CAROM_TLS_CERT and CAROM_TLS_KEY belong together: set both or none' },
);
export type IngestConfig = z.infer<typeof ingestConfig>;
