import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  conversionChange,
  conversionIdOf,
  openDispatchGround,
  type DispatchGround,
} from '../support/dispatch-ground.js';
import { startReceiver, type Answer, type Receiver } from '../support/receiver.js';
import type { Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

/** Ten ad networks, six of which are in trouble, each in its own way. */
const troubles: Record<string, Answer> = {
  hangs: { fault: 'hang' },
  fails: { status: 500 },
  limits: { status: 429, headers: { 'retry-after': '2' } },
  resets: { fault: 'reset' },
  streams: { fault: 'stream' },
  crawls: { delayMs: 2_000 },
};
const well = ['north', 'east', 'south', 'west'];
const ill = Object.keys(troubles);
/** An endless body and a slow answer are answers: what comes with a good status counts. */
const failing = ['hangs', 'fails', 'limits', 'resets'];
const each = 40;

describe('ad networks in trouble affect no others', () => {
  let ground: DispatchGround;
  const receivers = new Map<string, Receiver>();
  let service: Service;
  const words = (name: string) => Array.from({ length: each }, (_, index) => `${name}-${index}`);
  const at = (name: string) => receivers.get(name) as Receiver;
  const delivered = async (name: string): Promise<number> => {
    const { rows } = await ground.pool.query<{ n: bigint }>(
      `select count(*) as n from deliveries where destination_key = $1 and state = 'delivered'`,
      [`source:${name}`],
    );
    return Number(rows[0]?.n);
  };
  let publishedAt = 0;

  beforeAll(async () => {
    ground = await openDispatchGround();
    for (const name of [...well, ...ill]) {
      const receiver = await startReceiver();
      receivers.set(name, receiver);
      if (troubles[name]) receiver.answer(troubles[name]);
      await ground.setSource(name, {
        url: `${receiver.url}/c?id={click_id}&s={status}&d={delivery_id}`,
        when: { statuses: ['pending', 'approved'] },
        timeoutMs: 3_000,
        caps: { inFlight: 8 },
      });
    }
    service = await ground.start();
    publishedAt = Date.now();
    const everyone = Array.from({ length: each }, (_, index) =>
      [...ill, ...well].map((name) => [name, `${name}-${index}`] as const),
    );
    await ground.publish(
      everyone.flat().map(([sourceKey, word]) => conversionChange(word, { sourceKey, state: 'pending' })),
    );
    await ground.publish(
      everyone.flat().map(([sourceKey, word]) => conversionChange(word, { sourceKey, state: 'approved', revision: 2 })),
    );
  });
  afterAll(async () => {
    await ground.close();
    for (const receiver of receivers.values()) await receiver.close();
  });

  it('those that are well receive everything at once', async () => {
    for (const name of well) {
      await at(name).awaitRequests(({ query }) => query.get('s') === 'approved', 20_000, each);
      const last = Math.max(...at(name).requests.map((request) => request.at));
      expect(last - publishedAt).toBeLessThan(15_000);
    }
    expect(await delivered('hangs')).toBe(0);
  });

  it('each of the failing is paused with everything kept, and the others are not', async () => {
    for (const name of ['hangs', 'fails', 'resets']) {
      await waitFor(async () => {
        const { rows } = await ground.pool.query(
          `select 1 from destination_states where destination_key = $1 and breaker <> 'closed'`,
          [`source:${name}`],
        );
        return rows.length > 0;
      }, 30_000);
    }
    const { rows } = await ground.pool.query<{ destination_key: string }>(
      `select distinct destination_key from destination_states where breaker <> 'closed'`,
    );
    expect(rows.map((row) => row.destination_key).filter((key) => well.includes(key.slice('source:'.length)))).toEqual(
      [],
    );
    const kept = await ground.pool.query<{ n: bigint }>(
      `select count(distinct conversion_id) as n from deliveries where destination_key = 'source:fails' and state in ('waiting', 'sending')`,
    );
    expect(Number(kept.rows[0]?.n)).toBe(each);
    expect((await ground.states()).parked ?? 0).toBe(0);
    // The number that an alert uses: how many destinations fail, by step.
    const alerted = await waitFor(async () => {
      const text = await (await fetch(`${service.healthUrl}/metrics`)).text();
      const count = /carom_dispatch_failing_destinations\{at_least_percent="90"[^}]*\} (\d+)/.exec(text)?.[1];
      return Number(count) >= 3 ? Number(count) : false;
    }, 10_000);
    expect(alerted).toBeLessThanOrEqual(failing.length);
  });

  it('when they recover, each receives every conversion, its states in order', async () => {
    for (const name of failing) at(name).answer({});
    const finished = (name: string) => async (): Promise<boolean> => {
      const { rows } = await ground.pool.query<{ n: bigint }>(
        `select count(*) as n from deliveries where destination_key = $1 and state in ('waiting', 'sending')`,
        [`source:${name}`],
      );
      return Number(rows[0]?.n) === 0;
    };
    for (const name of ill) await waitFor(finished(name), 120_000, `${name} has nothing waiting`);
    for (const name of ill) {
      const { rows } = await ground.pool.query<{ conversion_id: string; state: string }>(
        `select conversion_id, state from deliveries where destination_key = $1 and once = 'approved'`,
        [`source:${name}`],
      );
      expect(rows.map((row) => row.conversion_id).sort()).toEqual(words(name).map(conversionIdOf).sort());
      expect(new Set(rows.map((row) => row.state))).toEqual(new Set(['delivered']));
      for (const word of words(name)) {
        const states = at(name)
          .requests.filter(({ query }) => query.get('id') === `ext-${word}`)
          .map(({ query }) => query.get('s'));
        // Pending any number of times (none, if it was superseded before it was ever sent), and
        // never again after approved.
        expect(states.join(' ')).toMatch(/^(pending )*approved( approved)*$/);
      }
    }
  }, 180_000);
});

describe('a delivery whose row another session has locked', () => {
  let ground: DispatchGround;
  let slow: Receiver;
  let quick: Receiver;
  beforeAll(async () => {
    ground = await openDispatchGround();
    [slow, quick] = await Promise.all([startReceiver(), startReceiver()]);
    slow.answer({ delayMs: 4_000 });
    const when = { statuses: ['pending' as const, 'approved' as const] };
    await ground.setSource('slow', { url: `${slow.url}/c?id={click_id}&s={status}`, when });
    await ground.setSource('quick', { url: `${quick.url}/c?id={click_id}&s={status}`, when });
    await ground.start();
  });
  afterAll(async () => {
    await ground.close();
    await slow.close();
    await quick.close();
  });

  it('delays neither the others of its batch nor later ones, and its next state follows it', async () => {
    const of = (word: string, sourceKey: string) => ({ word, fields: { sourceKey, state: 'pending' as const } });
    const [bad, good] = [of('locked', 'slow'), of('free', 'quick')];
    await ground.publish([conversionChange(bad.word, bad.fields), conversionChange(good.word, good.fields)]);
    await slow.awaitRequests(({ query }) => query.get('s') === 'pending', 20_000);
    await quick.awaitRequests(({ query }) => query.get('s') === 'pending', 20_000);
    const client = await ground.pool.connect();
    try {
      await client.query('begin');
      await client.query('select from deliveries where conversion_id = $1 for update', [conversionIdOf(bad.word)]);
      const approved = { state: 'approved' as const, previousState: 'pending' as const, revision: 2 };
      await ground.publish([bad, good].map(({ word, fields }) => conversionChange(word, { ...fields, ...approved })));
      // The lock is held until the good one has been called; if it waited for the lock, this would
      // time out.
      await quick.awaitRequests(({ query }) => query.get('s') === 'approved');
      await ground.publish([conversionChange('later', good.fields)]);
      await quick.awaitRequests(({ query }) => query.get('id') === 'ext-later');
    } finally {
      await client.query('rollback');
      client.release();
    }
    await slow.awaitRequests(({ query }) => query.get('s') === 'approved', 20_000);
    expect(slow.requests.map(({ query }) => query.get('s'))).toEqual(['pending', 'approved']);
  });
});
