import {
  appendEntries,
  appendRollups,
  ConcurrentWrite,
  deleteOrphans,
  findEndedHolds,
  findOverCap,
  findTransactions,
  flipPostbacks,
  insertOrphans,
  insertPostbacks,
  inTransaction,
  lockCapUse,
  lockConversionSets,
  lockKnownPostbacks,
  ratesAt,
  updatePostbacks,
  writeCapUse,
  writeSets,
} from '#postgres';
import type pg from 'pg';
import type { AttributionPorts, LedgerChanges, LedgerTransaction } from '../attribution.pipeline.js';

const sqlStateOf = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
};

/** Another node was at the same rows: tried again, without effect from the first try. 40: rollback classes (serialisation, deadlock). */
const isConflict = (thrown: unknown): boolean =>
  thrown instanceof ConcurrentWrite || sqlStateOf(thrown).startsWith('40');

/** The data cannot be written, however often it is tried: values out of range (22), constraints (23), limits (54). Errors that are no
 *  answer of Postgres but of our own code count too: a record that makes it fall must not stop the records beside it. */
export const isDataFault = (thrown: unknown): boolean => {
  const state = sqlStateOf(thrown);
  if (state !== '') return state.startsWith('22') || state.startsWith('23') || state.startsWith('54');
  return thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError;
};

const mostTries = 12;

/** One transaction, tried again while other nodes are faster. The pause grows and is scattered, so that two nodes do not meet for ever. */
const inOneTransaction = async <Result>(
  pool: pg.Pool,
  work: (ledger: LedgerTransaction) => Promise<Result>,
  onConflict: () => void,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(pool, (client) => work(transactionOn(client)));
    } catch (thrown) {
      if (!isConflict(thrown) || tries === mostTries) throw thrown;
      onConflict();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * tries));
    }
  }
};

const transactionOn = (client: pg.PoolClient): LedgerTransaction => ({
  lockKnown: (messages) => lockKnownPostbacks(client, messages),
  lockConversionSets: (baseIds) => lockConversionSets(client, baseIds),
  lockCapUse: (places) => lockCapUse(client, places),
  rates: (atMs) => ratesAt(client, atMs),
  overCap: (limit) => findOverCap(client, limit),
  endedHolds: (nowMs, limit) => findEndedHolds(client, nowMs, limit),
  write: (changes) => write(client, changes),
});

/** All of it is on its way at once (the connection is a pipeline), and nothing is committed before every answer has been seen. */
const write = async (client: pg.PoolClient, changes: LedgerChanges): Promise<void> => {
  const { inserted, recordedAtMs } = changes;
  const orphans = changes.orphans.map(({ message, clickId, clickedAtMs, transactionId }) => ({
    postbackId: message.id,
    receivedAtMs: message.receivedAtMs,
    clickId,
    clickedAtMs,
    transactionId,
    networkKey: message.networkKey,
    sinceMs: recordedAtMs,
    checkAtMs: recordedAtMs + orphanSchedule[0],
  }));
  const [, written] = await Promise.all([
    writeSets(client, changes.sets, changes.knownConversions),
    insertPostbacks(client, inserted),
    updatePostbacks(client, changes.updated),
    flipPostbacks(client, changes.flips),
    appendEntries(client, changes.entries, recordedAtMs),
    appendRollups(client, changes.rollups, recordedAtMs),
    insertOrphans(client, orphans),
    writeCapUse(client, changes.capUse),
    deleteOrphans(client, changes.settled),
  ]);
  if (written !== inserted.length) throw new ConcurrentWrite('a postback was decided by another node meanwhile');
};

/** When an orphan is looked at again by itself, in ms from one look to the next; the last one for ever after. Its click's arrival
 *  releases it at once: these looks only close the race between the two, and notice that it has waited for long enough. */
export const orphanSchedule = [1_000, 2_000, 5_000, 15_000, 60_000, 120_000, 300_000, 600_000, 3_600_000] as const;

export const postgresLedger = (pool: pg.Pool, onConflict: () => void): AttributionPorts['ledger'] => ({
  findTransactions: async (transactionIds) => {
    const known = await findTransactions(pool, transactionIds);
    return Map.groupBy(known, (each) => each.transactionId);
  },
  inOneTransaction: (work) => inOneTransaction(pool, work, onConflict),
});
