import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallMs } from '../test/support/wall-clock.js';

/** Plays the ad networks: so many servers in a process of their own, which note when each call came
 * and answer 200. Messages in: `{hang: index}` makes one of them never answer, `{well: true}`
 * repairs all, `{take: true}` asks for what came since the last time, `{count: true}` only for how
 * much that is. */
type Order = { hang?: number; well?: true; take?: true; count?: true };
/** Per server the calls' targets and when they came, in ms of the wall clock. */
export type Taken = { targets: string[]; atMs: number[] }[];

const servers = Number(process.argv[2] ?? 1);
const hanging = new Set<number>();
let taken: Taken = Array.from({ length: servers }, () => ({ targets: [], atMs: [] }));

const ports = await Promise.all(
  Array.from({ length: servers }, async (_, index) => {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const mine = taken[index];
      mine?.targets.push(request.url ?? '');
      mine?.atMs.push(wallMs());
      if (hanging.has(index)) return;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }),
);
process.send?.({ ports });
process.on('message', ({ hang, well, take, count }: Order) => {
  if (hang !== undefined) hanging.add(hang);
  if (well) hanging.clear();
  if (count) process.send?.(taken.reduce((sum, { targets }) => sum + targets.length, 0));
  if (!take) return;
  process.send?.(taken);
  taken = Array.from({ length: servers }, () => ({ targets: [], atMs: [] }));
});
process.on('disconnect', () => process.exit(0));
