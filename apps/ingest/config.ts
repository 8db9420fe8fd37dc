import { parseRange } from '#domain';
import { everyApp, list, port, wholeNumber } from '#runtime';
import { z } from 'zod';

const ranges = list
  .pipe(z.array(z.string().refine((text) => parseRange(text) !== null, 'an address or a CIDR range')))
  .default([]);

/** The limits of what a caller can use up. `docs/LIMITS.md` says what happens at each of them. */
const limits = {
  CAROM_MAX_URL_BYTES: wholeNumber(16_384, 256, 262_144),
  CAROM_MAX_BODY_BYTES: wholeNumber(65_536, 256, 524_288),
  /** For the headers of a call, and for the whole call. */
  CAROM_REQUEST_TIMEOUT_MS: wholeNumber(15_000, 100, 600_000),
  CAROM_MAX_CONNECTIONS: wholeNumber(10_000, 1),
  /** An IPv6 address counts by its /64. Trusted proxies are not counted. */
  CAROM_MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(1_000, 1),
  /** Bytes of the spool on disk while Kafka is away. */
  CAROM_SPOOL_MAX_BYTES: wholeNumber(2_147_483_648, 65_536),
  /** Bytes that wait for the disk in memory. */
  CAROM_SPOOL_MAX_PENDING_BYTES: wholeNumber(67_108_864, 65_536),
  /** Calls without proof that name a click of ours. */
  CAROM_UNPROVEN_PER_SECOND: wholeNumber(2_000, 1),
  CAROM_UNPROVEN_PER_ADDRESS_PER_SECOND: wholeNumber(1_000, 1),
  /** Calls without proof that name none of our clicks: how many are kept as a sample. */
  CAROM_UNAUTHORISED_KEPT_PER_SECOND: wholeNumber(10),
  CAROM_UNAUTHORISED_KEPT_PER_ADDRESS_PER_MINUTE: wholeNumber(120),
  /** How many such calls one address makes before it is answered 429. */
  CAROM_UNAUTHORISED_PER_ADDRESS_PER_MINUTE: wholeNumber(300, 1),
};

/** What ingest reads from the environment. */
const variables = z.object({
  ...everyApp,
  INGEST_PORT: port(8080),
  INGEST_HOST: z.string().default('0.0.0.0'),
  INGEST_HEALTH_PORT: port(9080),
  /** Where the open internet reaches ingest: what a network signed when it signed a whole URI. */
  CAROM_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/{1,20}$/, ''))
    .default('http://127.0.0.1:8080'),
  /** The folder of the catalog's snapshot and of the spool. One folder per process. */
  CAROM_DATA_DIR: z.string().default('.carom/ingest'),
  /** Proxies whose `X-Forwarded-For` is believed. */
  CAROM_TRUSTED_PROXIES: ranges,
  CAROM_TLS_CERT: z.string().optional(),
  CAROM_TLS_KEY: z.string().optional(),
  ...limits,
});

/** A certificate without its key would silently mean no TLS at all. */
export const ingestConfig = variables.refine(
  ({ CAROM_TLS_CERT, CAROM_TLS_KEY }) => (CAROM_TLS_CERT === undefined) === (CAROM_TLS_KEY === undefined),
  { path: ['CAROM_TLS_CERT'], message: 'CAROM_TLS_CERT and CAROM_TLS_KEY belong together: set both or none' },
);
export type IngestConfig = z.infer<typeof ingestConfig>;
