import { setTimeout as wait } from 'node:timers/promises';
import { startService, type Service } from '../../support/service.js';
import { waitFor } from '../../support/wait-for.js';
import { count } from '../accounts.js';
import { closingAfter, held, round, type Result, type Scenario } from '../scenario.js';
import { accountSales, salesCounted, salesDelivered, salesSentOnce, sell, untilDelivered } from '../sales.js';
import { paced, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

/** Shorter than the default, so that the short form is short. */
const deadlines = { ATTRIBUTION_SESSION_MS: '6000', ATTRIBUTION_LOCK_MS: '3000' };

/** The sessions of attribution at Postgres that have a transaction open which has written. */
const writingSessions = async ({ pool }: World): Promise<number[]> => {
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'carom-attribution'
      and state like 'idle in transaction%' and backend_xid is not null`,
  );
  return rows.map(({ pid }) => pid);
};

/** Freezes the process while it holds row locks: at any other moment a freeze costs a session only.
 * Answers its sessions that hold them. */
const freezeInTransaction = async (world: World, { server }: Service): Promise<number[]> => {
  for (let tries = 1; tries <= 1_000; tries += 1) {
    server.signal('SIGSTOP');
    // Postgres carries out what it was sent; of a transaction in the middle the commit is missing.
    await wait(20);
    const pids = await writingSessions(world);
    if (pids.length > 0) return pids;
    server.signal('SIGCONT');
    await wait(7 + (tries % 13));
  }
  throw new Error('attribution was never in the middle of a transaction');
};

/** Everything that was counted. While nothing is sent, any change of it is harm. */
const fingerprint = async ({ pool }: World): Promise<string> => {
  const { rows } = await pool.query<{ print: string }>(
    `select concat_ws(' ',
      (select count(*) from ledger_entries),
      (select md5(string_agg(concat_ws(',', id, revision, state, approved_nanos, marks), ';' order by id)) from conversions),
      (select md5(string_agg(concat_ws(',', id, state), ';' order by id)) from postbacks)) as print`,
  );
  return rows[0]?.print ?? '';
};

const joins = (service: Service): number => service.log().split('"event":"kafka.group_joined"').length - 1;

type Round = { lockedBy: number; isTakenOver: boolean; seconds: number; stillLocked: number; isHarmless: boolean };

/** One freeze under load: a successor takes over, then the frozen process goes on.
 * @param sellFor sales for so many seconds; answers how many there were so far. */
const freezeOnce = async (world: World, loadSeconds: number, sellFor: (seconds: number) => Promise<number>) => {
  const { attribution } = world.system;
  await sellFor(1);
  const selling = sellFor(loadSeconds);
  const pids = await freezeInTransaction(world, attribution);
  const frozenAt = performance.now();
  const successor = await startService('attribution', { ...world.ground.env, ...deadlines });
  try {
    const sold = await selling;
    const applied = `select count(*) as n from postbacks where state = 'applied'`;
    const isTakenOver = await waitFor(async () => (await count(world.pool, applied)) >= sold, 90_000).catch(
      () => false,
    );
    const seconds = round((performance.now() - frozenAt) / 1_000);
    const left = await writingSessions(world);
    const before = await fingerprint(world);
    const joinsBefore = joins(attribution);
    attribution.server.signal('SIGCONT');
    await waitFor(
      () => joins(attribution) >= joinsBefore + 2,
      60_000,
      'the thawed process has joined both groups again',
    );
    const isHarmless = (await fingerprint(world)) === before;
    await sellFor(2);
    const stillLocked = left.filter((pid) => pids.includes(pid)).length;
    return { lockedBy: pids.length, isTakenOver, seconds, stillLocked, isHarmless } satisfies Round;
  } finally {
    attribution.server.signal('SIGCONT');
    await successor.stop();
  }
};

export const attributionFrozen: Scenario = {
  name: 'attribution-frozen',
  what: 'attribution is frozen with SIGSTOP in the middle of a transaction, past its session, and continued',
  breaksServers: false,
  maxSeconds: { short: 240, long: 900 },
  run: async (_servers, { long, say }): Promise<Result> => {
    const [perSecond, loadSeconds, freezes] = long ? [200, 30, 6] : [60, 8, 1];
    return closingAfter(await openWorld(deadlines), async (world): Promise<Result> => {
      const sender = world.sender(64);
      const sent: Sent[] = [];
      let all = 0;
      const sellFor = async (seconds: number): Promise<number> => {
        const first = all;
        all += perSecond * seconds;
        await paced(perSecond, seconds, async (index) => {
          sent.push(await sell(world, sender, `t${first + index}`));
        });
        return all;
      };
      const rounds: Round[] = [];
      while (rounds.length < freezes) {
        rounds.push(await freezeOnce(world, loadSeconds, sellFor));
        say(`freeze ${rounds.length}: ${JSON.stringify(rounds.at(-1))}`);
      }
      await untilDelivered(world, all, 60_000, say);
      const account = await accountSales(world, all, sent);
      const of = (choose: (each: Round) => boolean): number => rounds.filter(choose).length;
      const stillLocked = rounds.reduce((sum, each) => sum + each.stillLocked, 0);
      return {
        numbers: {
          postbacks: all,
          takenOverSeconds: rounds.map(({ seconds }) => seconds).join(' '),
          restarts: JSON.stringify(world.restarts()),
        },
        held: [
          held('each freeze came in the middle of a transaction', of((each) => each.lockedBy > 0) === freezes, {
            transactions: rounds.map(({ lockedBy }) => lockedBy),
          }),
          held(
            'a successor counted everything while the first was frozen',
            of(({ isTakenOver }) => isTakenOver) === freezes,
            `${of(({ isTakenOver }) => isTakenOver)} of ${freezes}`,
          ),
          held('no lock of the frozen process was left by then', stillLocked === 0, `${stillLocked} transactions`),
          held(
            'nothing that was counted changed when it went on',
            of(({ isHarmless }) => isHarmless) === freezes,
            `unchanged ${of(({ isHarmless }) => isHarmless)} of ${freezes} times`,
          ),
          ...salesCounted(account),
          ...salesDelivered(account),
          salesSentOnce(account),
        ],
      };
    });
  },
};
