import { proofOfMessage } from '#contracts';
import { addressGroup } from '#domain';
import {
  appendEntries,
  appendRollups,
  ConcurrentWrite,
  countOrphansOf,
  deleteOrphans,
  findTransactions,
  flipPostbacks,
  insertOrphans,
  insertOutbox,
  insertPostbacks,
  inTransaction,
  lockCapUse,
  lockConversionSets,
  lockFreeConversionSets,
  lockKnownPostbacks,
  ratesAt,
  updatePostbacks,
  writeCapUse,
  writeSets,
} from '#postgres';
import { sqlStateOf, type Random, type Time } from '#runtime';
import type pg from 'pg';
import { orphanSchedule } from './orphan-schedule.js';
import type { LedgerChanges, LedgerPort, LedgerTransaction, NewOrphan, OrphanRoom } from './ports.js';

/** Another process was at the same rows: the transaction is run again, without effect from the
 * first try. SQLSTATE class 40 is a rollback by Postgres (serialisation, deadlock). */
const isConflict = (thrown: unknown): boolean =>
  thrown instanceof ConcurrentWrite || sqlStateOf(thrown).startsWith('40');

const maxTries = 12;

type LedgerOptions = {
  pool: pg.Pool;
  time: Pick<Time, 'wait'>;
  random: Pick<Random, 'unit'>;
  onConflict: () => void;
  limits: OrphanLimits;
};
type OrphanLimits = { maxPerId: number; maxPerAddress: number };

export const postgresLedger = (options: LedgerOptions): LedgerPort => ({
  findTransactions: async (transactionIds) => {
    const known = await findTransactions(options.pool, transactionIds);
    return Map.groupBy(known, ({ transactionId }) => transactionId);
  },
  inOneTransaction: (work) => inOneTransaction(options, work),
});

/** The pause between two tries grows and is scattered, so that two processes do not meet for ever.
 */
const inOneTransaction = async <Result>(
  { pool, time, random, onConflict, limits }: LedgerOptions,
  work: (ledger: LedgerTransaction) => Promise<Result>,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(pool, (client) => work(transactionOn(client, limits)));
    } catch (thrown) {
      if (!isConflict(thrown) || tries === maxTries) throw thrown;
      onConflict();
      await time.wait(random.unit() * 5 * tries);
    }
  }
};

const transactionOn = (client: pg.PoolClient, limits: OrphanLimits): LedgerTransaction => ({
  lockKnown: (messages) => lockKnownPostbacks(client, messages),
  lockConversionSets: (baseIds) => lockConversionSets(client, baseIds),
  lockFreeConversionSets: (baseIds) => lockFreeConversionSets(client, baseIds),
  lockCapUse: (places) => lockCapUse(client, places),
  rates: (atMs) => ratesAt(client, atMs),
  orphanRoom: (orphans) => orphanRoomOf(client, orphans, limits),
  write: (changes) => write(client, changes),
});

/** An address counts only without proof: a proven network may send as many early postbacks as it
 * likes. An IPv6 address counts by its /64. */
const addressOf = (orphan: NewOrphan): string | null => {
  const { remoteAddress } = orphan.message.raw;
  return isProven(orphan) || remoteAddress === null ? null : addressGroup(remoteAddress);
};
const isProven = ({ message }: NewOrphan): boolean => proofOfMessage(message) !== 'none';
/** Of the places for one id, so that strangers who guess it leave room for its network. */
const strangersShare = (places: number): number => Math.ceil(places / 2);
const idOf = ({ clickId, transactionId }: NewOrphan): string => clickId ?? transactionId ?? '';

const orphanRoomOf = async (
  client: pg.PoolClient,
  orphans: readonly NewOrphan[],
  { maxPerId, maxPerAddress }: OrphanLimits,
): Promise<OrphanRoom> => {
  if (orphans.length === 0) return { take: () => true };
  const ids = [...new Set(orphans.map(idOf))];
  const addresses = [...new Set(orphans.flatMap((orphan) => addressOf(orphan) ?? []))];
  const waiting = await countOrphansOf(client, { ids, addresses, maxPerId, maxPerAddress });
  return {
    take: (orphan) => {
      const [id, address] = [idOf(orphan), addressOf(orphan)];
      const ofId = waiting.ids.get(id) ?? 0;
      const ofAddress = address === null ? 0 : (waiting.addresses.get(address) ?? 0);
      if (ofId >= (isProven(orphan) ? maxPerId : strangersShare(maxPerId)) || ofAddress >= maxPerAddress) return false;
      waiting.ids.set(id, ofId + 1);
      if (address !== null) waiting.addresses.set(address, ofAddress + 1);
      return true;
    },
  };
};

/** All statements are on their way at once (the connection is a pipeline), and nothing is committed
 *  before every answer has been seen. */
const write = async (client: pg.PoolClient, changes: LedgerChanges): Promise<void> => {
  const { inserted, recordedAtMs } = changes;
  const orphans = changes.orphans.map((orphan) => ({
    postbackId: orphan.message.id,
    receivedAtMs: orphan.message.receivedAtMs,
    clickId: orphan.clickId,
    clickedAtMs: orphan.clickedAtMs,
    transactionId: orphan.transactionId,
    networkKey: orphan.message.networkKey,
    address: addressOf(orphan),
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
    insertOutbox(client, changes.outbox),
  ]);
  if (written !== inserted.length) throw new ConcurrentWrite('a postback was decided by another process meanwhile');
};
