import { messageOf, type Logger } from '#runtime';
import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import { repairHeartbeat } from './heartbeat.js';
import type { KafkaConnection } from './ports.js';
import { clientSecurity } from './security.js';
import { repairRequestQueue } from './request-queue.js';

repairRequestQueue();
repairHeartbeat();

/** kafkajs has had no maintainer since 2023 and may have to be replaced: nothing of it is visible
 * outside this folder. */

/** For debugging only. kafkajs logs an error for each retry, ten lines a second while a broker is
 * away. Our own events say once what matters (`kafka.producer_lost`, `kafka.consumer_away`,
 * `kafka.consumer_died`). */
const relay = (log: Logger) => (entry: LogEntry) => {
  const { message, error, groupId, broker, retryCount } = entry.log;
  log.debug({ event: 'kafka.client', part: entry.namespace, message, error, groupId, broker, retryCount });
};

/** Retries are given by each use, because they nest in kafkajs (connection inside request inside
 * loop) and multiply. */
type Timing = { requestTimeoutMs: number; retries: number; initialRetryMs: number };

export const createClient = ({ brokers, clientId, security, log }: KafkaConnection, timing: Timing): Kafka =>
  new Kafka({
    clientId,
    brokers: [...brokers],
    ...clientSecurity(security),
    // A TLS handshake takes several round trips.
    connectionTimeout: Math.min(security?.tls ? 3_000 : 1_000, timing.requestTimeoutMs),
    requestTimeout: timing.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: retryOf(timing),
    logLevel: logLevel.WARN,
    logCreator: () => relay(log),
  });

export const retryOf = ({ retries, initialRetryMs }: Timing) => ({
  retries,
  initialRetryTime: initialRetryMs,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
});

/** The innermost reason: kafkajs wraps an error once per layer of retries. */
export const rootCause = (error: unknown): Error => {
  let current = error instanceof Error ? error : new Error(messageOf(error));
  for (let depth = 0; depth < 10 && current.cause instanceof Error; depth += 1) current = current.cause;
  return current;
};

/** The protocol's name of an error (`UNKNOWN_TOPIC_OR_PARTITION`), null where it is not one of the
 * protocol's. */
export const protocolType = (error: unknown): string | null => {
  const { type } = rootCause(error) as { type?: unknown };
  return typeof type === 'string' ? type : null;
};
