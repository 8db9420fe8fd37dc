import { afterAll, describe, expect, it } from '@jest/globals';
import { conversionChange, openDispatchGround, type DispatchGround } from '../support/dispatch-ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { printTable } from '../support/result-table.js';
import type { Service } from '../support/service.js';
import { failPoints, failPointsOf, type FailPoint } from '#runtime';
import { waitFor } from '../support/wait-for.js';

/** Enough that some wait in Postgres and are claimed: a lane of two calls holds a handful. */
const many = 60;
const points = failPointsOf('dispatch');
const actions = ['die', 'freeze', 'throw'] as const;
type Action = (typeof actions)[number];

type Line = {
  point: string;
  action: Action;
  arrived: number;
  repeated: number;
  /** In doubt when another process took over: P6 allows to repeat these, once. */
  allowed: number;
  /** Calls that arrived when their delivery was already on record, which P6 never allows. */
  needless: number;
};
const table: Line[] = [];

const marker = '/marker';
const calls = (adNetwork: Receiver) => adNetwork.requests.filter(({ path }) => path !== marker);
const idOf = (target: string): string => new URLSearchParams(target.split('?')[1]).get('d') ?? '';

/** When each delivery that is on record as delivered was recorded, by its id. */
const recorded = async (ground: DispatchGround): Promise<Map<string, number>> => {
  const { rows } = await ground.pool.query<{ id: string; finished_at: Date }>(
    `select id, finished_at from deliveries where state = 'delivered'`,
  );
  return new Map(rows.map(({ id, finished_at }) => [id, finished_at.getTime()]));
};

/** Deliveries that arrived before another process started and that were not on record when the
 * first one failed: P6 allows to send these again. */
type Doubt = { known: ReadonlyMap<string, number>; untilMs: number };
const inDoubt = ({ known, untilMs }: Doubt, adNetwork: Receiver): number => {
  const early = calls(adNetwork)
    .filter(({ at }) => at <= untilMs)
    .map(({ target }) => idOf(target));
  return new Set(early.filter((id) => !known.has(id))).size;
};

const sendThrough = async (point: string, action: Action): Promise<Line> => {
  const adNetwork = await startReceiver();
  const ground = await openDispatchGround({ DISPATCH_LEASE_MS: '2000', DISPATCH_SESSION_MS: '2000' });
  try {
    adNetwork.answer({ delayMs: 10 });
    await ground.setSource('ads', { url: `${adNetwork.url}/?d={delivery_id}`, caps: { inFlight: 2 } });
    const failing = await ground.start({ CAROM_FAIL_POINT: `${point}:${action}` });
    await ground.publish(Array.from({ length: many }, (_, index) => conversionChange(`c${index}`)));
    const passed = `fail point ${point}: ${action}`;
    await waitFor(() => failing.log().includes(passed), 30_000, passed);
    const doubt = await afterwards(action, failing, ground, adNetwork);
    await waitFor(async () => (await recorded(ground)).size === many, 60_000, 'all are on record');
    if (action === 'freeze') await thaw(failing, adNetwork);
    const arrived = calls(adNetwork).map(({ target, at }) => ({ id: idOf(target), at }));
    const deliveries = new Set(arrived.map(({ id }) => id));
    const onRecord = await recorded(ground);
    return {
      ...{ point, action, arrived: deliveries.size },
      repeated: arrived.length - deliveries.size,
      allowed: doubt ? inDoubt(doubt, adNetwork) : 0,
      needless: arrived.filter(({ id, at }) => at > (onRecord.get(id) ?? Infinity)).length,
    };
  } finally {
    await ground.close();
    await adNetwork.close();
  }
};

/** Another process takes over where the first one is dead or frozen; null where it goes on by
 * itself. */
const afterwards = async (
  action: Action,
  failing: Service,
  ground: DispatchGround,
  adNetwork: Receiver,
): Promise<Doubt | null> => {
  if (action === 'die') await failing.server.exited;
  if (action === 'throw') {
    const exited = failing.server.exited.then(() => true);
    const isOver = waitFor(async () => (await recorded(ground)).size === many, 30_000).then(() => false);
    if (!(await Promise.race([exited, isOver]))) return null;
  }
  await allRead(adNetwork);
  const doubt = { known: await recorded(ground), untilMs: Date.now() };
  await ground.start();
  return doubt;
};

/** It finds that its lease is lost, and what it still holds is not sent again: neither what waits
 *  nor what had begun and was not written to a connection yet. */
const thaw = async (failing: Service, adNetwork: Receiver): Promise<void> => {
  failing.server.signal('SIGCONT');
  await waitFor(() => failing.log().includes('lease.lost'), 10_000, 'the thawed process knows of its lost lease');
  await allRead(adNetwork);
};

/** Resolves when the ad network has read every call that was written before. */
const allRead = async (adNetwork: Receiver): Promise<void> => {
  await fetch(`${adNetwork.url}${marker}`);
};

describe('dispatch fails at any step', () => {
  afterAll(() => {
    const head = ['fail point', 'action', 'arrived', 'repeated', 'needless'];
    const lines = table.map(({ point, action, arrived, repeated, allowed, needless }) => [
      ...[point, action, `${arrived} of ${many}`],
      ...[`${repeated} (${allowed} in doubt)`, `${needless}`],
    ]);
    printTable([head, ...lines]);
  });

  it.each<[FailPoint, string]>(points.map((point) => [point, failPoints[point]]))(
    '%s (%s): each delivery arrives, and only what was in doubt is repeated',
    async (point) => {
      const lines = await Promise.all(actions.map((action) => sendThrough(point, action)));
      table.push(...lines);
      for (const line of lines) {
        expect(line).toMatchObject({ arrived: many, needless: 0 });
        expect(line.repeated).toBeLessThanOrEqual(line.allowed);
      }
    },
    180_000,
  );
});
