import { afterAll, describe, expect, it } from '@jest/globals';
import { conversionChange, openDispatchGround, type DispatchGround } from '../support/dispatch-ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import type { Service } from '../support/service.js';
import { failPoints, failPointsOf, type FailPoint } from '#runtime';
import { waitFor } from '../support/wait-for.js';

/** Enough that some wait in Postgres and are claimed: a lane of two calls holds a handful. */
const many = 60;
/** So many calls may have begun before a freeze and leave the process only when it thaws. */
const maxInFlight = 2;
const points = failPointsOf('dispatch');
const actions = ['die', 'freeze', 'throw'] as const;
type Action = (typeof actions)[number];

type Line = { point: string; action: Action; arrived: number; repeated: number; allowed: number };
const table: Line[] = [];

const marker = '/marker';
const calls = (adNetwork: Receiver) => adNetwork.requests.filter(({ path }) => path !== marker);
const idOf = (target: string): string => new URLSearchParams(target.split('?')[1]).get('d') ?? '';

const recorded = async (ground: DispatchGround): Promise<Set<string>> => {
  const { rows } = await ground.pool.query<{ id: string }>(`select id from deliveries where state = 'delivered'`);
  return new Set(rows.map(({ id }) => id));
};

/** Deliveries that arrived before another process started and that were not on record when the
 * first one failed: P6 allows to send these again. */
type Doubt = { known: ReadonlySet<string>; untilMs: number };
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
    await ground.setSource('ads', { url: `${adNetwork.url}/?d={delivery_id}`, caps: { inFlight: maxInFlight } });
    const failing = await ground.start({ CAROM_FAIL_POINT: `${point}:${action}` });
    await ground.publish(Array.from({ length: many }, (_, index) => conversionChange(`c${index}`)));
    const passed = `fail point ${point}: ${action}`;
    await waitFor(() => failing.log().includes(passed), 30_000, passed);
    const doubt = await afterwards(action, failing, ground, adNetwork);
    await waitFor(async () => (await recorded(ground)).size === many, 60_000, 'all are on record');
    const before = calls(adNetwork).length;
    if (action === 'freeze') await thaw(failing);
    const begun = Math.min(maxInFlight, calls(adNetwork).length - before);
    const arrived = calls(adNetwork).map(({ target }) => idOf(target));
    const repeated = arrived.length - new Set(arrived).size;
    const allowed = doubt ? inDoubt(doubt, adNetwork) + begun : 0;
    return { point, action, arrived: new Set(arrived).size, repeated, allowed };
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
  // What the first process had sent before it failed is read before this.
  await fetch(`${adNetwork.url}${marker}`);
  const doubt = { known: await recorded(ground), untilMs: Date.now() };
  await ground.start();
  return doubt;
};

/** It finds that its lease is lost, and what it still holds is not sent again. */
const thaw = async (failing: Service): Promise<void> => {
  failing.server.signal('SIGCONT');
  await waitFor(() => failing.log().includes('lease.lost'), 10_000, 'the thawed process knows of its lost lease');
};

describe('dispatch fails at any step', () => {
  afterAll(() => {
    const lines = table.map(({ point, action, arrived, repeated, allowed }) =>
      [point.padEnd(18), action.padEnd(7), `${arrived} of ${many}`.padEnd(9), `${repeated} (at most ${allowed})`].join(
        '  ',
      ),
    );
    process.stdout.write(`\nfail point          action   arrived    repeated\n${lines.join('\n')}\n`);
  });

  it.each<[FailPoint, string]>(points.map((point) => [point, failPoints[point]]))(
    '%s (%s): each delivery arrives, and only what was in doubt is repeated',
    async (point) => {
      const lines = await Promise.all(actions.map((action) => sendThrough(point, action)));
      table.push(...lines);
      for (const line of lines) {
        expect(line).toMatchObject({ arrived: many });
        expect(line.repeated).toBeLessThanOrEqual(line.allowed);
      }
    },
    180_000,
  );
});
