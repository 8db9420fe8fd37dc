import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { serviceNames, type ServiceName } from '../../stack/system/services.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { type Service } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';
import { openSender, type Sender } from './senders.js';
import { startTally, type Tally } from './tally.js';

/** The whole system on a ground of its own, an ad network that counts, and senders that keep
 * account. */
export type World = {
  ground: TestGround;
  system: System;
  pool: pg.Pool;
  /** The network's own Postback URL without its query: what it sends is proven. */
  postbackPath: string;
  /** Where the source's destination points. */
  adNetwork: Tally;
  /** To ingest, so many connections. */
  sender: (connections: number) => Sender;
  /** A click through the campaign; answers our click id. */
  click: (sender: Sender, externalId: string) => Promise<string>;
  /** How often each service ended by itself and was started again, as an orchestrator would do. */
  restarts: () => Partial<Record<ServiceName, number>>;
  /** Kills without warning; `service.restart()` is the scenario's own business. */
  kill9: (service: Service) => Promise<void>;
  /** The same with SIGTERM, as an operator stops it. */
  end: (service: Service) => Promise<void>;
  close: () => Promise<void>;
};

/** Answers the token of the network. */
const saveCatalog = async (system: System, receiverUrl: string): Promise<string> => {
  const destination = { url: `${receiverUrl}/conversion?click_id={click_id}&value={value}&s={status}&d={delivery_id}` };
  const entries: [path: string, body: object][] = [
    ['/networks', { key: 'acme', name: 'Acme', params: { clickId: ['clickid'] }, defaultCurrency: 'USD' }],
    ['/sources', { key: 'ads', name: 'Ads', externalIdParam: 'click_id', tokens: {}, destination }],
    ['/offers', { key: 'shoes', networkKey: 'acme', url: 'https://shop.example/shoes?subid={click_id}' }],
    ['/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes', weight: 1 }] }],
  ];
  let networkToken = '';
  for (const [path, body] of entries) {
    const { status, body: answer } = await system.api<{ token?: string }>('POST', path, body);
    if (status !== 201) throw new Error(`POST ${path} was answered ${status}: ${JSON.stringify(answer)}`);
    networkToken = answer.token ?? networkToken;
  }
  return networkToken;
};

/** Starts again what ends without having been killed by the scenario, as an orchestrator would. */
const keepUp = (system: System, killed: Set<ServiceName>) => {
  const restarts: Partial<Record<ServiceName, number>> = {};
  let closed = false;
  const watch = async (name: ServiceName): Promise<void> => {
    for (let times = 0; times < 50; times += 1) {
      const { server } = system[name];
      await server.exited;
      while (!closed && killed.has(name) && system[name].server === server) await wait(50);
      if (closed) return;
      if (killed.delete(name)) continue;
      restarts[name] = (restarts[name] ?? 0) + 1;
      // One that cannot become ready yet (Kafka is away) has been ended again, and is tried again
      // in the next round.
      await system[name].restart().catch(() => undefined);
    }
  };
  for (const name of serviceNames) void watch(name);
  return { restarts: () => restarts, close: () => void (closed = true) };
};

/** @param more environment of all services, or what makes it of the ground. */
export const openWorld = async (
  more: Record<string, string> | ((ground: TestGround) => Promise<Record<string, string>>) = {},
): Promise<World> => {
  const ground = await openTestGround();
  const env = typeof more === 'function' ? await more(ground) : more;
  const adNetwork = await startTally();
  const system = await startSystem(ground, env);
  const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 3 });
  const senders: Sender[] = [];
  const killed = new Set<ServiceName>();
  const keeper = keepUp(system, killed);
  const sender = (connections: number): Sender => {
    const opened = openSender(system.ingest.url, connections);
    senders.push(opened);
    return opened;
  };
  const networkToken = await saveCatalog(system, adNetwork.url);
  const probe = sender(1);
  await waitFor(async () => (await probe.get('probe', '/c/spring?click_id=probe')).status === 302, 10_000);
  return {
    ground,
    system,
    pool,
    postbackPath: `/postback/${networkToken}`,
    adNetwork,
    sender,
    click: async (by, externalId) => {
      const { location } = await by.persist(externalId, `/c/spring?click_id=${externalId}`);
      const clickId = location && new URL(location).searchParams.get('subid');
      if (!clickId) throw new Error(`no click id for ${externalId}`);
      return clickId;
    },
    restarts: keeper.restarts,
    kill9: async (service) => {
      killed.add(service.name);
      await service.kill9();
    },
    end: async (service) => {
      killed.add(service.name);
      await service.server.stop();
    },
    close: async () => {
      keeper.close();
      for (const each of senders) await each.close();
      await system.stop();
      await pool.end();
      await adNetwork.close();
      await ground.close();
    },
  };
};
