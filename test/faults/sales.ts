import { waitFor } from '../support/wait-for.js';
import {
  accountDeliveries,
  accountLog,
  conversionsOf,
  ledgerDifferences,
  type DeliveryAccount,
  type LogAccount,
} from './accounts.js';
import { held, round, type Held } from './scenario.js';
import { isOk, type Sender, type Sent } from './senders.js';
import { countBy } from './tally.js';
import type { World } from './world.js';

/** Every sale here has this amount, so that a conversion shows at once whether it counted once. */
const amount = 3;

/** The call with which the network reports a sale of that click. */
export const saleOf = (world: World, tag: string, clickId: string): string =>
  `${world.postbackPath}?clickid=${clickId}&transaction_id=${tag}&amount=${amount}&status=approved`;

/** Reports a sale of that click, as the network does until it is answered. */
export const reportSale = (world: World, sender: Sender, tag: string, clickId: string): Promise<Sent> =>
  sender.persist(tag, saleOf(world, tag, clickId));

/** A visitor clicks and buys at once. */
export const sell = async (world: World, sender: Sender, tag: string): Promise<Sent> =>
  reportSale(world, sender, tag, await world.click(sender, `x${tag}`));

const arrivedAtAdNetwork = (world: World): Map<string, number> => countBy(world.adNetwork.arrivals, 'd');

/** Waits until the ad network has so many deliveries and dispatch has recorded them. Answers after
 * how many seconds, also when they did not all come: the accounts then say so. */
export const untilDelivered = async (
  world: World,
  all: number,
  timeoutMs: number,
  say: (line: string) => void,
): Promise<number> => {
  const begin = performance.now();
  const isDone = async (): Promise<boolean> => {
    if (arrivedAtAdNetwork(world).size < all) return false;
    return (await accountDeliveries(world.pool, arrivedAtAdNetwork(world))).states.delivered === all;
  };
  await waitFor(isDone, timeoutMs, `${all} deliveries`).catch((thrown: Error) => say(thrown.message));
  return round((performance.now() - begin) / 1_000);
};

type SalesAccount = {
  all: number;
  log: LogAccount;
  /** Approved with the amount of a sale. */
  conversions: number;
  differences: number;
  deliveries: DeliveryAccount;
};

/** Holds the answers that the senders got against Postgres and the ad network. @param all sales
 * that were made. */
export const accountSales = async (world: World, all: number, sent: readonly Sent[]): Promise<SalesAccount> => ({
  all,
  log: await accountLog(
    world.pool,
    sent.filter(isOk).map(({ id }) => id ?? ''),
  ),
  conversions: (await conversionsOf(world.pool)).filter(({ approved }) => approved === amount).length,
  differences: await ledgerDifferences(world.pool),
  deliveries: await accountDeliveries(world.pool, arrivedAtAdNetwork(world)),
});

/** Nothing is lost and nothing counts twice, up to the ledger. */
export const salesCounted = ({ all, log, conversions, differences }: SalesAccount): Held[] => [
  held('every postback got a 2xx and is in the log once', log.accepted === all && log.missing + log.twice === 0, log),
  held('each is applied', log.states.applied === all && conversions === all, { ...log.states, conversions }),
  held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
];

/** Nothing is lost on the way to the ad network; it may have some twice. */
export const salesDelivered = ({ all, deliveries }: SalesAccount): Held[] => [
  held('each delivery is recorded as delivered', deliveries.states.delivered === all, deliveries.states),
  held(
    'the ad network received each',
    deliveries.owed === all && deliveries.neverArrived === 0,
    `${deliveries.owed - deliveries.neverArrived} of ${all}`,
  ),
];

export const salesSentOnce = ({ all, deliveries }: SalesAccount): Held =>
  held('the ad network received none twice', deliveries.twice === 0, `${deliveries.twice} of ${all} more than once`);

/** Deliveries that arrived more than once, without a fault about the time of their first call that
 * explains it: none may be (P6). */
export const repeatedWithoutReason = (world: World, isExplained: (firstAtMs: number) => boolean): number => {
  const byDelivery = Map.groupBy(world.adNetwork.arrivals, ({ query }) => new URLSearchParams(query).get('d'));
  return [...byDelivery.values()].filter(([first, again]) => first && again && !isExplained(first.atMs)).length;
};
