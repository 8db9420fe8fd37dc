import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversionChange, openDispatchGround, type DispatchGround } from '../support/dispatch-ground.js';
import { startLossyProxy, type LossyProxy } from '../support/lossy-proxy.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import type { Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

/** Small, because it runs with every change; `npm run faults` does it with a hundred thousand. */
const many = 400;
const kills = 2;
const restarts = 2;

describe('dispatch dies and comes back', () => {
  let ground: DispatchGround;
  let adNetwork: Receiver;
  let database: LossyProxy;
  let service: Service;
  const idOf = (target: string) => new URLSearchParams(target.split('?')[1]).get('d') ?? '';
  /** Delivery ids of one source's calls, as often as they came. */
  const received = (source: string): string[] =>
    adNetwork.requests.filter(({ path }) => path === `/${source}`).map(({ target }) => idOf(target));
  const recorded = async (source: string): Promise<Set<string>> => {
    const { rows } = await ground.pool.query<{ id: string }>(
      `select id from deliveries where destination_key = $1 and state = 'delivered'`,
      [`source:${source}`],
    );
    return new Set(rows.map(({ id }) => id));
  };
  const publish = async (source: string): Promise<void> => {
    await ground.setSource(source, {
      url: `${adNetwork.url}/${source}?d={delivery_id}&c={click_id}`,
      caps: { inFlight: 16, perSecond: 200 },
    });
    await ground.publish(
      Array.from({ length: many }, (_, index) => conversionChange(`${source}-${index}`, { sourceKey: source })),
    );
  };

  beforeAll(async () => {
    adNetwork = await startReceiver();
    adNetwork.answer({ delayMs: 10 });
    ground = await openDispatchGround({ DISPATCH_LEASE_MS: '2000', DISPATCH_SESSION_MS: '2000' });
    await publish('killed');
    database = await startLossyProxy(ground.env.DATABASE_URL as string);
    service = await ground.start({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await ground.close();
    await database.close();
    await adNetwork.close();
  });

  it('killed twice: nothing is lost, and no more came twice than was under way', async () => {
    let underWay = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const target = Math.floor((many * kill) / (kills + 1));
      await waitFor(() => new Set(received('killed')).size >= target, 60_000, `${target} arrived`);
      await service.kill9();
      const known = await recorded('killed');
      underWay += new Set(received('killed').filter((id) => !known.has(id))).size;
      await service.restart();
    }
    await waitFor(async () => (await recorded('killed')).size === many, 90_000, 'all are recorded as delivered');
    const all = received('killed');
    const twice = all.length - new Set(all).size;
    expect(new Set(all)).toEqual(await recorded('killed'));
    expect(new Set(all).size).toBe(many);
    expect(twice).toBeLessThanOrEqual(underWay);
  }, 300_000);

  it('frozen for longer than its lease, it sends the rest when it thaws, though no other process took over', async () => {
    await publish('frozen');
    await waitFor(() => received('frozen').length >= 50, 60_000, 'some arrived');
    service.server.signal('SIGSTOP');
    await waitFor(async () => {
      const { rows } = await ground.pool.query('select 1 from dispatch_processes where alive_until > now()');
      return rows.length === 0;
    }, 30_000);
    const { rows } = await ground.pool.query(`select 1 from deliveries where state = 'sending'`);
    expect(rows.length).toBeGreaterThan(16);
    service.server.signal('SIGCONT');
    await waitFor(async () => (await recorded('frozen')).size === many, 60_000, 'all are recorded as delivered');
    expect(new Set(received('frozen')).size).toBe(many);
  }, 120_000);

  it('sends deliveries it claimed even when the answer to the claim was lost', async () => {
    const [id] = received('frozen');
    const before = received('frozen').length;
    const { rowCount } = await ground.pool.query(
      `update deliveries set state = 'sending', claimed = true, finished_at = null,
         lease_owner = (select owner from dispatch_processes where alive_until > now()) where id = $1`,
      [id],
    );
    expect(rowCount).toBe(1);
    await waitFor(async () => (await recorded('frozen')).size === many && received('frozen').length > before, 60_000);
    expect(received('frozen').slice(before)).toEqual([id]);
  }, 90_000);

  it('killed while it sends a sale, it sends the sale again before the reversal: the first call may have arrived', async () => {
    await ground.setSource('doubt', {
      url: `${adNetwork.url}/doubt?d={delivery_id}&s={status}`,
      when: { statuses: ['approved', 'reversed'] },
    });
    const arrivals = () => adNetwork.requests.flatMap(({ path, query }) => (path === '/doubt' ? [query.get('s')] : []));
    adNetwork.answer({ fault: 'hang' });
    const sold = conversionChange('doubt', { sourceKey: 'doubt' });
    await ground.publish([sold]);
    await waitFor(() => arrivals().length === 1);
    await service.kill9();
    adNetwork.answer({ delayMs: 10 });
    await ground.publish([{ ...sold, revision: 2, state: 'reversed', previousState: 'approved' }]);
    await service.restart();
    await waitFor(() => arrivals().length === 3, 60_000);
    expect(arrivals()).toEqual(['approved', 'approved', 'reversed']);
  }, 90_000);

  it.each<[string, number, RegExp]>([
    ['the insert of first states', 1, /insert-deliveries/],
    ['the transaction of later states', 2, /commit/],
  ])(
    'gets no answer that %s was committed: nothing is lost and nothing comes twice',
    async (_what, revision, statement) => {
      const source = `unheard-${revision}`;
      await ground.setSource(source, { url: `${adNetwork.url}/${source}?d={delivery_id}` });
      const words = Array.from({ length: 50 }, (_, index) => `${source}-${index}`);
      const lost = database.loseAnswerTo(statement);
      await ground.publish(words.map((word) => conversionChange(word, { sourceKey: source, revision })));
      await lost;
      await waitFor(
        async () => (await recorded(source)).size === words.length,
        60_000,
        'all are recorded as delivered',
      );
      expect(new Set(received(source))).toEqual(await recorded(source));
      expect(received(source)).toHaveLength(words.length);
    },
    90_000,
  );

  it('stopped cleanly twice: nothing is lost and nothing comes twice', async () => {
    await publish('stopped');
    for (let stop = 1; stop <= restarts; stop += 1) {
      const target = Math.floor((many * stop) / (restarts + 2));
      await waitFor(() => received('stopped').length >= target, 60_000, `${target} arrived`);
      service.server.signal('SIGTERM');
      await service.server.exited;
      await service.restart();
    }
    await waitFor(async () => (await recorded('stopped')).size === many, 90_000, 'all are recorded as delivered');
    expect(received('stopped').length).toBe(many);
    expect(new Set(received('stopped')).size).toBe(many);
  }, 300_000);
});
