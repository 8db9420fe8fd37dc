import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createMetrics } from '#runtime';
import { waitFor } from '../../../test/support/wait-for.js';
import { limitConnections } from './connection-limits.js';

let server: Server;
let callers: Socket[];
beforeEach(() => {
  callers = [];
  server = createServer((socket) => void socket.on('error', () => undefined));
});
afterEach(async () => {
  for (const caller of callers) caller.destroy();
  server.close();
  await once(server, 'close');
});

/** Opens so many connections, and answers how many of them stay open. */
const callBy = async (
  limits: Partial<Parameters<typeof limitConnections>[1]>,
  count: number,
): Promise<{ open: () => number; text: () => Promise<string> }> => {
  const metrics = createMetrics('spec');
  limitConnections(server, { total: 1_000, perAddress: 1_000, trustedProxies: [], ...limits }, metrics);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let closed = 0;
  for (let index = 0; index < count; index += 1) {
    const caller = connect(port, '127.0.0.1');
    caller.on('error', () => undefined).on('close', () => (closed += 1));
    callers.push(caller);
    await once(caller, 'connect');
  }
  return { open: () => count - closed, text: () => metrics.registry.metrics() };
};

describe('open connections', () => {
  it('are limited in total: one more is closed at once, and counted', async () => {
    const { open, text } = await callBy({ total: 5 }, 8);
    await waitFor(() => open() === 5);
    expect(await text()).toMatch(/carom_ingest_connections_refused_total\{limit="total"[^}]*\} 3/);
  });

  it('are limited for each address', async () => {
    const { open, text } = await callBy({ perAddress: 4 }, 6);
    await waitFor(() => open() === 4);
    expect(await text()).toMatch(/carom_ingest_connections_refused_total\{limit="address"[^}]*\} 2/);
  });

  it('of a trusted proxy count for the total only, because its callers share them', async () => {
    const { open } = await callBy({ perAddress: 1, total: 5, trustedProxies: ['127.0.0.0/8'] }, 7);
    await waitFor(() => open() === 5);
  });
});
