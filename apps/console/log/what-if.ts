import {
  clickInside,
  createCatalogView,
  foundClickOf,
  type CatalogView,
  type Network,
  type PostbackReceivedV1,
  type SafePostbackRecord,
} from '#contracts';
import {
  conversionIdOf,
  createWhatIf,
  isDecidedAtEdge,
  readClickId,
  readKeptCall,
  resolveCall,
  type Knowledge,
  type Moves,
  type Patience,
  type RefusalCode,
  type Resolution,
} from '#domain';
import {
  allCatalogEntries,
  catalogEntryOf,
  findClicks,
  findTransactions,
  readConversionSetsById,
  readPatience,
  type PostbackRow,
} from '#postgres';
import type { ConsolePorts } from '../ports.js';

/** What a replay would move, found out without writing: the calls as they read today are resolved against the clicks and the ledger, and
 *  played through copies of the conversions that they meet. The same rules decide as in attribution; what differs is that nothing is locked,
 *  so it is true of the moment in which it is asked. */
export type Replayed = { row: PostbackRow; message: SafePostbackRecord };
export type WhatIf = { add: (calls: readonly Replayed[]) => Promise<void>; moves: () => Moves };

/** Where attribution has never said how long it waits, nothing is expected of it but to take what is there. */
const unstated: Patience = { creditAfterMs: Infinity, clicksKeptMs: Infinity, expireAfterMs: Infinity };

const valueOf = (message: PostbackReceivedV1, field: keyof PostbackReceivedV1['read']) =>
  message.read[field]?.value ?? null;
const transactionOf = (message: PostbackReceivedV1) =>
  valueOf(message, 'reversalOf') ?? valueOf(message, 'transactionId');

const knowledgeOf = async (
  { pool, secrets }: Pick<ConsolePorts, 'pool' | 'secrets'>,
  catalog: CatalogView,
  calls: readonly Replayed[],
): Promise<Knowledge> => {
  const recognise = (text: string) => readClickId(text, secrets);
  const bare = calls.flatMap(({ message }) =>
    valueOf(message, 'clickId') === null ? (transactionOf(message) ?? []) : [],
  );
  const transactions = Map.groupBy(
    await findTransactions(pool, [...new Set(bare)]),
    ({ transactionId }) => transactionId,
  );
  const named = [
    ...calls.flatMap(({ message }) => valueOf(message, 'clickId') ?? []),
    ...bare,
    ...[...transactions.values()].flat().flatMap(({ clickId }) => clickId ?? []),
  ];
  const wanted = [...new Set(named)].map((text) => {
    const own = recognise(text);
    return { clickId: own?.id ?? text, atMs: own?.atMs ?? null };
  });
  const clicks = await findClicks(pool, wanted);
  return {
    recognise,
    click: (id) => {
      const click = clicks.get(id);
      return click && foundClickOf(click, (key) => catalog.campaign(key)?.reportTokens ?? []);
    },
    clickInside: clickInside(catalog),
    transactions: (id) => transactions.get(id) ?? [],
    network: (key) => catalog.network(key),
    offer: (key) => catalog.offer(key),
  };
};

/** @param nowMs of the whole replay, so that asking twice gives the same. */
export const openWhatIf = async (
  ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'secrets'>,
  nowMs: number,
): Promise<WhatIf> => {
  const catalog = createCatalogView();
  for (const entry of await allCatalogEntries(ports.dataSource)) catalog.apply(catalogEntryOf(entry));
  const whatIf = createWhatIf();
  const patience = (await readPatience(ports.pool)) ?? unstated;
  return {
    async add(calls) {
      const knows = await knowledgeOf(ports, catalog, calls);
      const resolved = calls.map((call) => ({
        ...call,
        resolution: resolve(call.message, { knows, catalog, patience, nowMs }),
      }));
      const met = resolved.flatMap(({ row, resolution }) => [
        ...(row.baseId === null ? [] : [row.baseId]),
        ...(resolution?.kind === 'conversion' ? [conversionIdOf(resolution.identity)] : []),
      ]);
      whatIf.tell(await readConversionSetsById(ports.pool, whatIf.missing(met)));
      for (const { row, resolution } of resolved)
        whatIf.replay({
          id: row.id,
          standsAt: row.baseId,
          resolved: resolution?.kind === 'conversion' ? resolution : null,
          nowMs,
        });
    },
    moves: whatIf.moves,
  };
};

type By = { knows: Knowledge; catalog: CatalogView; patience: Patience; nowMs: number };

/** Null: refused by what it says. */
const resolve = (message: PostbackReceivedV1, by: By): Resolution | null => {
  const { knows, catalog, patience, nowMs } = by;
  if (message.refusal !== null && (message.networkKey !== null || isDecidedAtEdge(message.refusal as RefusalCode)))
    return null;
  const { id, receivedAtMs, networkKey, authenticatedBy, test } = message;
  // A replay was seen when it came: it has waited since then, as attribution will find too.
  const waitedMs = nowMs - receivedAtMs;
  const call = { id, receivedAtMs, waitedMs, networkKey, authenticatedBy, fields: message.read, test };
  const resolution = resolveCall(call, knows, patience);
  if (resolution.kind !== 'reread') return resolution;
  const network = catalog.network(resolution.network.key) as Network;
  const again = readKeptCall(message.raw, network, knows.recognise);
  const { read, refusal } = again;
  return resolve({ ...message, networkKey: network.key, read, refusal, test: again.test }, by);
};
