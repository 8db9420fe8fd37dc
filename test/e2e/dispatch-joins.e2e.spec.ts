import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { conversionChange, openDispatchGround, type DispatchGround } from '../support/dispatch-ground.js';
import { waitFor } from '../support/wait-for.js';

const cap = 4;

describe('a dispatch process that joins another', () => {
  let ground: DispatchGround;
  let adNetwork: Server;
  let inFlight = 0;
  let maxInFlight = 0;
  beforeAll(async () => {
    // Slow enough that the first process has calls in flight when the second one joins.
    adNetwork = createServer((_request, response) => {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        response.end('OK');
      }, 300);
    }).listen(0, '127.0.0.1');
    await once(adNetwork, 'listening');
    ground = await openDispatchGround();
    const url = `http://127.0.0.1:${(adNetwork.address() as AddressInfo).port}/?id={click_id}`;
    await ground.setSource('ads', { url, caps: { inFlight: cap } });
  });
  afterAll(async () => {
    await ground.close();
    adNetwork.closeAllConnections();
    adNetwork.close();
  });

  it('sends its share, and at no moment do both together exceed the cap of a destination', async () => {
    await ground.start();
    await ground.publish(Array.from({ length: 200 }, (_, index) => conversionChange(`joins-${index}`)));
    await waitFor(() => maxInFlight === cap);
    await ground.start();
    const owners = async () => {
      const { rows } = await ground.pool.query<{ n: bigint }>(
        `select count(distinct lease_owner) as n from deliveries where state = 'delivered'`,
      );
      return Number(rows[0]?.n);
    };
    await waitFor(async () => (await owners()) === 2, 30_000, 'both processes have sent');
    await waitFor(async () => (await ground.states()).delivered === 200, 60_000, 'all are delivered');
    expect(maxInFlight).toBe(cap);
  }, 120_000);
});
