import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { repairHeartbeat } from './heartbeat.js';
import { repairRequestQueue } from './request-queue.js';

const require = createRequire(import.meta.url);
type Queue = {
  push(request: { entry: object; expectResponse: boolean; sendRequest: () => void }): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
  inflight: Map<number, unknown>;
  pending: unknown[];
};
const log = { debug: () => undefined, warn: () => undefined };
const hourMs = 3_600_000;

describe('kafkajs under a clock that steps', () => {
  const systemNow = Date.now;
  const queues: Queue[] = [];
  beforeAll(() => {
    repairRequestQueue();
    repairHeartbeat();
  });
  afterEach(() => {
    Date.now = systemNow;
    for (const queue of queues.splice(0)) queue.destroy();
  });
  const stepClock = (ms: number): void => void (Date.now = () => systemNow() + ms);
  const open = (requestTimeout: number): Queue => {
    const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as new (options: object) => Queue;
    const options = { maxInFlightRequests: null, clientId: 'spec', broker: 'none', logger: log };
    const queue = new RequestQueue({ ...options, requestTimeout, enforceRequestTimeout: true });
    queues.push(queue);
    queue.scheduleRequestTimeoutCheck();
    return queue;
  };
  /** Resolves with the error that the request gets; nothing answers it. */
  const request = (queue: Queue, correlationId = 1): Promise<Error> =>
    new Promise((reject) =>
      queue.push({
        entry: { correlationId, apiName: 'Produce', apiKey: 0, apiVersion: 0, resolve: () => undefined, reject },
        expectResponse: true,
        sendRequest: () => undefined,
      }),
    );

  it('lets a request that is in flight go on when the clock steps forward', async () => {
    const queue = open(2_000);
    void request(queue);
    await wait(150);
    stepClock(hourMs);
    await wait(250);
    expect(queue.inflight.size).toBe(1);
  });

  it('gives up a request in time although the clock stepped back', async () => {
    const failed = request(open(300));
    stepClock(-hourMs);
    expect((await failed).name).toBe('KafkaJSRequestTimeoutError');
  });

  it('ends a pause that the broker asked for although the clock stepped back', async () => {
    const queue = open(2_000);
    queue.maybeThrottle(100);
    void request(queue);
    stepClock(-hourMs);
    expect(queue.pending).toHaveLength(1);
    await wait(250);
    expect([queue.pending.length, queue.inflight.size]).toEqual([0, 1]);
  });

  it('goes on with heartbeats although the clock stepped back: the group would expel the consumer', async () => {
    const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup.js') as new (options: object) => {
      memberId: string;
      coordinator: object;
      heartbeat(options: { interval: number }): Promise<void>;
    };
    const group = new ConsumerGroup({
      ...{ retry: {}, instrumentationEmitter: { emit: () => undefined } },
      logger: { namespace: () => log },
    });
    let heartbeats = 0;
    Object.assign(group, { memberId: 'member', coordinator: { heartbeat: () => Promise.resolve((heartbeats += 1)) } });
    stepClock(-hourMs);
    await group.heartbeat({ interval: 1_000 });
    await group.heartbeat({ interval: 1_000 });
    expect(heartbeats).toBe(1);
  });
});
