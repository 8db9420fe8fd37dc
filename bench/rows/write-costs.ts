import { randomUUID } from 'node:crypto';
import type { ClickRecordedV1 } from '#contracts';
import { ensureAttemptDays, ensurePartitions, insertDeliveries, planningOptions, recordOutcomes } from '#postgres';
import pg from 'pg';
import { openAttributionGround } from '../../test/support/attribution-ground.js';
import { delivery, outcome } from '../../test/support/delivery-ground.js';
import { openTestGround } from '../../test/support/ground.js';
import { familyOf, makePostbacks, transactionsOf, writeTransaction } from './attribution.js';
import { fromRounds, type BenchContext, type BenchRow, type Measured } from '../row.js';

/** What the counts by minute (statement triggers) and the indexes of lists cost those who write:
 * the same transactions into two databases of one server, one with them and one without, by
 * turns, so that a slow minute of the machine hits both. */

/** Either is left out of a database of its own. */
const without = {
  counts: `alter table postbacks disable trigger user; alter table deliveries disable trigger user;`,
  indexes: `drop index postbacks_decided, postbacks_by_network, postbacks_unmapped, postbacks_by_upload, conversions_by_external,
    conversions_by_network, conversions_by_campaign, conversions_by_source, conversions_by_offer, conversions_by_event,
    deliveries_finished, deliveries_in_queue, clicks_by_external;`,
};
type Extra = keyof typeof without;

const openBooks = async (change: string) => {
  const ground = await openTestGround();
  const owner = new pg.Client({ connectionString: ground.databaseUrl });
  await owner.connect();
  await ensurePartitions(owner, Date.now());
  await ensureAttemptDays(owner, Date.now());
  if (change !== '') await owner.query(change);
  await owner.end();
  const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 2, options: planningOptions.once });
  return {
    pool,
    close: async () => {
      await pool.end();
      await ground.close();
    },
  };
};
type Books = Awaited<ReturnType<typeof openBooks>>;

type Work = (books: Books, round: number) => Promise<void>;

/** Rows per second of each side. The first rounds plan the statements and count for neither. */
const byTurns = async (extra: Extra, rounds: number, perRound: number, work: Work): Promise<Measured> => {
  const sides = { with: await openBooks(''), without: await openBooks(without[extra]) };
  const pairs: { ours: number; limit: number }[] = [];
  const perSecond = (ms: number) => (perRound * 1000) / ms;
  try {
    for (let round = -3; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
      const spent = { with: 0, without: 0 };
      for (const side of order) {
        const begin = performance.now();
        await work(sides[side], round);
        spent[side] = performance.now() - begin;
      }
      if (round >= 0) pairs.push({ ours: perSecond(spent.with), limit: perSecond(spent.without) });
    }
  } finally {
    await sides.with.close();
    await sides.without.close();
  }
  return { ...fromRounds(pairs), details: { perRound } };
};

const perTransaction = 500;

const measureAttribution = async (extra: Extra, { long }: BenchContext): Promise<Measured> => {
  const rounds = long ? 100 : 16;
  const ground = await openAttributionGround();
  try {
    const { clicks, postbacks } = makePostbacks(ground, (rounds + 3) * perTransaction, 'W');
    const made = postbacks.map((message, index) => familyOf(message, clicks[index] as ClickRecordedV1));
    const nowMs = ground.now();
    const transactions = transactionsOf(made, nowMs);
    return await byTurns(extra, rounds, perTransaction, async ({ pool }, round) => {
      const transaction = transactions[round + 3];
      if (transaction) await writeTransaction(pool, transaction, nowMs);
    });
  } finally {
    await ground.close();
  }
};

const owner = randomUUID();
const perBatch = 100;

/** Made, sent at once and recorded: what goes straight through. */
const measureDispatch = (extra: Extra, { long }: BenchContext): Promise<Measured> =>
  byTurns(extra, long ? 400 : 60, perBatch, async ({ pool }, round) => {
    const batch = Array.from({ length: perBatch }, (_, index) => delivery(`w-${round}-${index}`, { state: 'sending' }));
    await insertDeliveries(pool, owner, batch, Date.now());
    await recordOutcomes(
      pool,
      owner,
      batch.map((each) => outcome(each)),
    );
  });

const row = (name: string, what: string, measure: (context: BenchContext) => Promise<Measured>): BenchRow => ({
  name,
  what,
  unit: '/s',
  limitIs: 'the same without them',
  atLeast: 0.9,
  aim: 0.97,
  better: 'higher',
  longOnly: true,
  measure,
});

export const writeCosts: readonly BenchRow[] = [
  row('counts-attribution', 'postbacks written with their counts by minute', (context) =>
    measureAttribution('counts', context),
  ),
  row('counts-dispatch', 'deliveries written with their counts by minute', (context) =>
    measureDispatch('counts', context),
  ),
  row('indexes-attribution', 'postbacks written with the indexes of lists', (context) =>
    measureAttribution('indexes', context),
  ),
  row('indexes-dispatch', 'deliveries written with the indexes of lists', (context) =>
    measureDispatch('indexes', context),
  ),
];
