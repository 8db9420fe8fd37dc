import { waitFor } from '../../support/wait-for.js';
import { count, ledgerDifferences } from '../accounts.js';
import { closingAfter, held, round, type Held, type Result, type Scenario } from '../scenario.js';
import { inParallel, isOk } from '../senders.js';
import { reportSale } from '../sales.js';
import { countBy } from '../tally.js';
import { openWorld, type World } from '../world.js';

/** An offer with many conversions over its cap, and a small one that must not wait behind it. */
const caps = { big: 50, small: 1 };
type OfferKey = keyof typeof caps;

const offerOf = (key: OfferKey, conversions: number | null) => ({
  key,
  networkKey: 'acme',
  url: 'https://shop.example/?subid={click_id}',
  cap: conversions === null ? null : { per: 'total', conversions, timeZone: 'UTC' },
});

const putCap = async (world: World, key: OfferKey, conversions: number | null): Promise<void> => {
  const { status, body } = await world.system.api('PUT', `/offers/${key}`, offerOf(key, conversions));
  if (status !== 200) throw new Error(`PUT /offers/${key} was answered ${status}: ${JSON.stringify(body)}`);
};

const openOffers = async (world: World): Promise<void> => {
  for (const key of ['big', 'small'] as const) {
    await world.system.api('POST', '/offers', offerOf(key, caps[key]));
    await world.system.api('POST', '/campaigns', {
      ...{ key: `of-${key}`, sourceKey: 'ads' },
      offers: [{ offerKey: key, weight: 1 }],
    });
  }
  const probe = world.sender(1);
  for (const key of ['big', 'small'])
    await waitFor(async () => (await probe.get('probe', `/c/of-${key}?click_id=probe`)).status === 302, 10_000);
};

/** So many visitors click and buy. Answers how many of their postbacks got a 2xx. */
const sellOf = async (world: World, key: OfferKey, howMany: number): Promise<number> => {
  const sender = world.sender(16);
  let accepted = 0;
  await inParallel(Array.from({ length: howMany }), 16, async (_, index) => {
    const { location } = await sender.persist(key, `/c/of-${key}?click_id=${key}-${index}`);
    const clickId = new URL(location ?? '').searchParams.get('subid') ?? '';
    if (isOk(await reportSale(world, sender, `${key}-${index}`, clickId))) accepted += 1;
  });
  return accepted;
};

/** The conversions of an offer that wait over its cap, the oldest first. */
const waitingOf = async (world: World, key: OfferKey): Promise<string[]> => {
  const { rows } = await world.pool.query<{ id: string }>(
    `select id from conversions where offer_key = $1 and 'over_cap' = any (marks) order by recorded_at, id`,
    [key],
  );
  return rows.map(({ id }) => id);
};

const counted = (world: World, key: OfferKey): Promise<number> =>
  count(world.pool, 'select count(*) as n from conversions where offer_key = $1 and state is not null', [key]);

/** Sales of the offer that the ad network has received. */
const receivedOf = (world: World, key: OfferKey): number =>
  [...countBy(world.adNetwork.arrivals, 'click_id').keys()].filter((id) => id.startsWith(`${key}-`)).length;

type Release = { asked: number; seconds: number; released: number; oldestFirst: boolean; received: number };

/** Gives a cap room and waits until as many as fit are let in and have reached the ad network.
 * @param fitting how many that must be; afterwards none more may follow. */
const release = async (world: World, key: OfferKey, cap: number | null, fitting: number): Promise<Release> => {
  const before = await waitingOf(world, key);
  const receivedBefore = receivedOf(world, key);
  const begin = performance.now();
  await putCap(world, key, cap);
  await waitFor(() => receivedOf(world, key) >= receivedBefore + fitting, 60_000).catch(() => undefined);
  const seconds = round((performance.now() - begin) / 1_000);
  const after = new Set(await waitingOf(world, key));
  const released = before.filter((id) => !after.has(id));
  const oldestFirst = released.every((id, index) => id === before[index]);
  return {
    asked: fitting,
    seconds,
    released: released.length,
    oldestFirst,
    received: receivedOf(world, key) - receivedBefore,
  };
};

const releasedAll = (what: string, each: Release): Held =>
  held(
    what,
    each.released === each.asked && each.received === each.asked && each.oldestFirst,
    `${each.released} of ${each.asked} let in and ${each.received} sent after ${each.seconds} s, ${each.oldestFirst ? 'the oldest first' : 'not the oldest first'}`,
  );

const run = async (world: World, many: number, say: (line: string) => void): Promise<Result> => {
  await openOffers(world);
  const sold = { big: caps.big + many, small: 3 };
  // The small offer's are the youngest of all.
  const accepted = (await sellOf(world, 'big', sold.big)) + (await sellOf(world, 'small', sold.small));
  for (const key of ['big', 'small'] as const) {
    const isCounted = async () => (await counted(world, key)) >= sold[key] && receivedOf(world, key) >= caps[key];
    await waitFor(isCounted, 120_000, `the sales of ${key}`).catch((thrown: Error) => say(thrown.message));
  }
  const waiting = { big: (await waitingOf(world, 'big')).length, small: (await waitingOf(world, 'small')).length };
  const received = { big: receivedOf(world, 'big'), small: receivedOf(world, 'small') };
  say(`${waiting.big} and ${waiting.small} wait`);
  const small = await release(world, 'small', caps.small + 1, 1);
  const [bigWhileSmall, bigReceived] = [(await waitingOf(world, 'big')).length, receivedOf(world, 'big')];
  const first = await release(world, 'big', caps.big + 300, 300);
  const second = await release(world, 'big', caps.big + 1_000, 700);
  const rest = await release(world, 'big', null, many - 1_000);
  const arrived = [...countBy(world.adNetwork.arrivals, 'd').values()];
  const differences = await ledgerDifferences(world.pool);
  return {
    numbers: {
      sales: accepted,
      waited: waiting.big,
      seconds: [small, first, second, rest].map((each) => each.seconds).join(' '),
    },
    held: [
      held('every postback got a 2xx', accepted === sold.big + sold.small, `${accepted} of ${sold.big + sold.small}`),
      held(
        'of each offer as many were sent as its cap allows, and the others wait',
        waiting.big === many && waiting.small === 2 && received.big === caps.big && received.small === caps.small,
        { waiting, received },
      ),
      releasedAll('room of the small offer is used although thousands wait for the big one', small),
      held(
        'the big one got no room by that',
        bigWhileSmall === many && bigReceived === caps.big,
        `${bigWhileSmall} wait`,
      ),
      releasedAll('room for 300 lets 300 in', first),
      releasedAll('room for 700 more lets 700 in', second),
      releasedAll('without a cap the rest is let in', rest),
      held(
        'the ad network received each once',
        arrived.length === accepted - 1 && arrived.every((times) => times === 1),
        `${arrived.length} deliveries, ${accepted - 1} expected`,
      ),
      held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
    ],
  };
};

export const overCap: Scenario = {
  name: 'over-cap',
  what: 'more than 2,000 conversions wait over the cap of one offer, and room comes for another and for it',
  breaksServers: false,
  maxSeconds: { short: 240, long: 900 },
  run: async (_servers, { long, say }): Promise<Result> =>
    // Caps are looked at with every fifth sweep.
    closingAfter(await openWorld({ ATTRIBUTION_SWEEP_MS: '200' }), (world) => run(world, long ? 20_000 : 2_200, say)),
};
