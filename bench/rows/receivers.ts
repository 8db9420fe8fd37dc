import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Taken } from '../receiver-child.js';

/** The ad networks: a process of its own, the same for ours and for what ours is held against. */
export const startReceivers = async (servers: number) => {
  const child = fork(fileURLToPath(new URL('../receiver-child.js', import.meta.url)), [String(servers)]);
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    hang: (index: number) => void child.send({ hang: index }),
    take: async (): Promise<Taken> => {
      child.send({ take: true });
      return ((await once(child, 'message')) as [Taken])[0];
    },
    arrived: async (): Promise<number> => {
      child.send({ count: true });
      return ((await once(child, 'message')) as [number])[0];
    },
    close: async (): Promise<void> => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
};

/** `t` in each target is when it was sent. */
export const latencies = ({ targets, atMs }: Taken[number]): number[] =>
  targets.map((target, index) => (atMs[index] ?? Number.NaN) - Number(/[?&]t=([\d.]+)/.exec(target)?.[1]));

/** Throws unless each of these ids came exactly once. */
export const expectIds = (targets: readonly string[], expected: ReadonlySet<string>): string => {
  const seen = new Set<string>();
  for (const target of targets) {
    const id = /[?&](?:click_id|id)=([^&]+)/.exec(target)?.[1] ?? '';
    if (!expected.has(id)) throw new Error(`a call came for ${id}, which was not sent`);
    if (seen.has(id)) throw new Error(`two calls came for ${id}`);
    seen.add(id);
  }
  if (seen.size !== expected.size) throw new Error(`calls came for ${seen.size} of ${expected.size} ids`);
  return `${seen.size} ids, each called exactly once`;
};
