import {
  clickInside,
  createCatalogView,
  foundClickOf,
  type CatalogView,
  type PostbackReceivedV1,
  type SafePostbackRecord,
} from '#contracts';
import {
  clickIdsToFind,
  conversionIdOf,
  createWhatIf,
  readClickId,
  resolvePostbacks,
  transactionIdsToFind,
  type Moves,
  type Patience,
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

/** Computes what a replay would change, without writing. The calls are read again, resolved by
 *  the functions of attribution, and applied to copies of their conversions. Nothing is locked,
 *  so the answer is valid for the moment of the request. */
export type Replayed = { row: PostbackRow; message: SafePostbackRecord };
type WhatIf = { add: (calls: readonly Replayed[]) => Promise<void>; moves: () => Moves };

/** Attribution has never been started on this database: expect only that it takes what is there. */
const unstated: Patience = { creditAfterMs: Infinity, clicksKeptMs: Infinity, expireAfterMs: Infinity };

const knowledgeOf = async (
  { pool, secrets }: Pick<ConsolePorts, 'pool' | 'secrets'>,
  catalog: CatalogView,
  messages: readonly PostbackReceivedV1[],
) => {
  const recognise = (text: string) => readClickId(text, secrets);
  const found = await findTransactions(pool, transactionIdsToFind(messages));
  const transactions = Map.groupBy(found, ({ transactionId }) => transactionId);
  const clicks = await findClicks(pool, clickIdsToFind(messages, transactions, recognise));
  return {
    recognise,
    transactions,
    click: (id: string) => {
      const click = clicks.get(id);
      return click && foundClickOf(click, (key) => catalog.campaign(key)?.reportTokens ?? []);
    },
    clickInside: clickInside(catalog),
    network: (key: string) => catalog.network(key),
    offer: (key: string) => catalog.offer(key),
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
      const messages = calls.map(({ message }): PostbackReceivedV1 => message);
      const knows = await knowledgeOf(ports, catalog, messages);
      // A replay was seen when it came: it has waited since then, as attribution will find too.
      const times = { nowMs, patience, seenAtMs: () => null };
      const resolved = resolvePostbacks(messages, knows, times).map(({ resolution }, index) => ({
        row: (calls[index] as Replayed).row,
        resolution,
      }));
      const met = resolved.flatMap(({ row, resolution }) => [
        ...(row.baseId === null ? [] : [row.baseId]),
        ...(resolution.kind === 'conversion' ? [conversionIdOf(resolution.identity)] : []),
      ]);
      whatIf.load(await readConversionSetsById(ports.pool, whatIf.missing(met)));
      for (const { row, resolution } of resolved)
        whatIf.replay({
          id: row.id,
          currentBaseId: row.baseId,
          resolved: resolution.kind === 'conversion' ? resolution : null,
          nowMs,
        });
    },
    moves: whatIf.moves,
  };
};
