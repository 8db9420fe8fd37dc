import { join } from 'node:path';
import { startKafka, type KafkaServer, type Place } from './kafka.js';
import { freePorts } from './process.js';

export type KafkaCluster = {
  /** All addresses, as in `KAFKA_BROKERS`. */
  brokers: string;
  /** Ends a broker without warning. The first one is the controller and has to live. */
  kill: (id: number) => Promise<void>;
  /** Starts a killed one at its address, with what it had on disk. */
  start: (id: number) => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts a cluster of so many brokers, for tests of what happens when some of them are lost. New
 *  topics are replicated to all. */
export const startKafkaCluster = async (of: { dataDir: string; brokers: number }): Promise<KafkaCluster> => {
  const [controllerPort, ...ports] = (await freePorts(1 + of.brokers)) as [number, ...number[]];
  const running = new Map<number, KafkaServer>();
  const start = async (id: number): Promise<void> => {
    const place: Place = { id, brokers: of.brokers, controllerPort };
    const port = ports[id - 1] as number;
    running.set(id, await startKafka({ dataDir: join(of.dataDir, `broker-${id}`), port, place }));
  };
  const stop = async (): Promise<void> => {
    // The controller last: a broker that stops cleanly asks it first.
    for (const [, server] of [...running].sort(([one], [other]) => other - one)) await server.stop(5_000);
    running.clear();
  };
  const started = await Promise.allSettled(ports.map((_, index) => start(index + 1)));
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    brokers: ports.map((port) => `127.0.0.1:${port}`).join(','),
    kill: async (id) => {
      const server = running.get(id);
      running.delete(id);
      server?.signal('SIGKILL');
      await server?.exited;
    },
    start,
    stop,
  };
};
