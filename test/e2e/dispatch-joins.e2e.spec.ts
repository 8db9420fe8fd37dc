import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { conversionChange, openDispatchGround, type DispatchGround } from '../support/dispatch-ground.js';
import { waitFor } from '../support/wait-for.js';

const cap = 4;
const many = 200;

describe('a dispatch process that joins another', () => {
  let ground: DispatchGround;
  let adNetwork: Server;
  /** Calls without an answer yet, the oldest first. */
  const inFlight: ServerResponse[] = [];
  let received = 0;
  let maxInFlight = 0;
  let answers: 'when the test says so' | 'at once' = 'when the test says so';
  const answerOldest = (): void => void inFlight.shift()?.end('OK');

  beforeAll(async () => {
    adNetwork = createServer((_request, response) => {
      inFlight.push(response);
      received += 1;
      maxInFlight = Math.max(maxInFlight, inFlight.length);
      if (answers === 'at once') answerOldest();
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

  const leases = async (): Promise<number[]> => {
    const { rows } = await ground.pool.query<{ until: Date }>(
      'select alive_until as until from dispatch_processes where alive_until > now() order by owner',
    );
    return rows.map(({ until }) => until.getTime());
  };
  /** Twice, because a renewal that was under way may have asked before the calls of now. */
  const bothRenewTwice = async (): Promise<void> => {
    for (let round = 0; round < 2; round += 1) {
      const before = await waitFor(async () => {
        const all = await leases();
        return all.length === 2 ? all : null;
      });
      await waitFor(async () => (await leases()).every((until, index) => until > (before[index] ?? 0)));
    }
  };

  it('sends its share, and at no moment do both together exceed the cap of a destination', async () => {
    await ground.start();
    await ground.publish(Array.from({ length: many }, (_, index) => conversionChange(`joins-${index}`)));
    await waitFor(() => inFlight.length === cap, 15_000, 'the first process to fill the cap');
    await ground.start();
    await bothRenewTwice();
    expect(received).toBe(cap);
    // The first process still has more in flight than its half: neither may begin a call.
    answerOldest();
    await bothRenewTwice();
    expect(received).toBe(cap);
    answerOldest();
    await waitFor(() => inFlight.length === cap, 15_000, 'the second process to send its half');
    answers = 'at once';
    while (inFlight.length > 0) answerOldest();
    await waitFor(async () => (await ground.states()).delivered === many, 60_000, 'all are delivered');
    const { rows } = await ground.pool.query(`select distinct lease_owner from deliveries where state = 'delivered'`);
    expect(rows).toHaveLength(2);
    expect(maxInFlight).toBe(cap);
  }, 120_000);
});
