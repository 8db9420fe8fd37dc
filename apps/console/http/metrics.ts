import { catalogSealHeads, countParked, listMissed, type Queryable } from '#postgres';
import { durationBucketsSeconds, type Logger, type Metrics, type Seal } from '#runtime';
import { Gauge } from 'prom-client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { Relay } from '../catalog/relay.js';
import type { ApiRequest } from './operation.js';

/** Log lines and metrics of console: one line and one observation per request. Labels are route
 *  patterns, never paths: keys and ids would make a metric for each. */
export const countRequests = (fastify: FastifyInstance, metrics: Metrics, log: Logger): void => {
  const seconds = metrics.histogram(
    'carom_console_request_seconds',
    'Time of one API request',
    durationBucketsSeconds,
    ['method', 'route', 'status'],
  );
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    seconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    const actor = (request as ApiRequest).actor?.name ?? null;
    const line = {
      event: 'api.answered',
      method,
      route,
      url: request.url,
      status,
      ms: Math.round(reply.elapsedTime),
      actor,
    };
    if (method === 'GET' && status < 400) log.debug(line);
    else log.info(line);
    next();
  });
};

type Gauged = { relay: Relay; dataSource: DataSource; db: Queryable; seal: Seal; now: () => number };

/** The answer reads the whole catalog, and changes only with a secret or a change of an entry. */
const unreadableEveryMs = 60_000;

/** How many entries have a secret that no key of this process opens; null: never looked up yet. */
const countUnreadable = ({ dataSource, seal, now }: Pick<Gauged, 'dataSource' | 'seal' | 'now'>) => {
  let count: number | null = null;
  let countedAtMs = -Infinity;
  return async (): Promise<number | null> => {
    if (now() - countedAtMs < unreadableEveryMs) return count;
    countedAtMs = now();
    const entries = await catalogSealHeads(dataSource).catch(() => null);
    if (entries) count = entries.filter(({ heads }) => heads.some((head) => seal.stateOf(head) === 'unknown')).length;
    return count;
  };
};

const gaugeUnreadable = ({ registry }: Metrics, ports: Gauged): void => {
  const unreadable = countUnreadable(ports);
  new Gauge({
    name: 'carom_catalog_unreadable_entries',
    help: 'Catalog entries with a secret that this process cannot open',
    registers: [registry],
    async collect() {
      const count = await unreadable();
      if (count !== null) this.set(count);
    },
  });
};

/** Gauges are read when they are scraped. */
export const gaugeConsole = (metrics: Metrics, ports: Gauged): void => {
  gaugeUnreadable(metrics, ports);
  const registers = [metrics.registry];
  new Gauge({
    name: 'carom_console_relayed_entries',
    help: 'Catalog entries published by this process',
    registers,
    collect() {
      this.set(ports.relay.state().published);
    },
  });
  new Gauge({
    name: 'carom_console_relay_failing_seconds',
    help: 'For how long no catalog entry got through; 0: all is well',
    registers,
    collect() {
      const { failingSinceMs } = ports.relay.state();
      this.set(failingSinceMs === null ? 0 : (ports.now() - failingSinceMs) / 1000);
    },
  });
  new Gauge({
    name: 'carom_console_parked_records',
    help: 'Parked records that are not resolved',
    labelNames: ['topic', 'reason'],
    registers,
    async collect() {
      // Without the database there is nothing to show; readiness fails.
      const counts = await countParked(ports.dataSource).catch(() => null);
      if (!counts) return;
      this.reset();
      for (const { topic, reason, count } of counts) this.set({ topic, reason }, count);
    },
  });
  new Gauge({
    name: 'carom_console_missed_records',
    help: 'Records that a service never read, found within a day; 1 where it is not known how many',
    labelNames: ['topic', 'reason'],
    registers,
    async collect() {
      const missed = await listMissed(ports.db, 1).catch(() => null);
      if (!missed) return;
      this.reset();
      for (const { topic, reason, records } of missed) this.set({ topic, reason }, records ?? 1);
    },
  });
};
