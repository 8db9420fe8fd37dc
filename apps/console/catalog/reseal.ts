import {
  campaign,
  keysOfEntry,
  network,
  offer,
  renewedValue,
  source,
  staleSecretsOf,
  type CatalogKind,
  type StaleSecret,
} from '#contracts';
import type { TokenHash } from '#domain';
import { catalogKeys, insertAudit, networksWithoutHash, readCatalogEntry, rewriteCatalogEntry } from '#postgres';
import type { Logger, Seal } from '#runtime';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** Seals and hashes stored secrets by the secret of today: for a rotation of `CAROM_SECRET`, and
 *  for tokens that an earlier release stored readable. Each entry is one transaction, so it can be
 *  interrupted and repeated; the relay publishes what changed. */

type Keys = { dataSource: DataSource; seal: Seal; tokenHash: TokenHash };
type EntryKey = { kind: CatalogKind; key: string };

const schemas = { network, source, offer, campaign } as const;

const resealEntry = ({ dataSource, seal, tokenHash }: Keys, { kind, key }: EntryKey): Promise<boolean> => {
  const keys = keysOfEntry(seal, tokenHash, kind, key);
  const rewrite = (body: object): object | null => {
    const { data } = schemas[kind].safeParse(body);
    return data ? renewedValue(kind, data, keys) : null;
  };
  return rewriteCatalogEntry(dataSource, { kind, key }, rewrite, (manager) => {
    const line = { userId: null, tokenId: null, action: 'resealed', kind, key, before: null, after: null };
    return insertAudit(manager, { id: uuidv7(), ...line });
  });
};

/** What is not sealed by the secret of today, of one entry. */
const staleIn = async ({ dataSource, seal, tokenHash }: Keys, at: EntryKey): Promise<StaleSecret[]> => {
  const entry = await readCatalogEntry(dataSource, at);
  if (!entry) return [];
  const { data } = schemas[at.kind].safeParse(entry.body);
  if (!data) return [{ place: 'the whole entry', state: 'damaged' }];
  return staleSecretsOf(at.kind, data, keysOfEntry(seal, tokenHash, at.kind, at.key));
};

export type Resealed = {
  /** How many entries the catalog has, the deleted included. */
  entries: number;
  resealed: number;
  /** What is left, because it cannot be opened. */
  stale: (EntryKey & StaleSecret)[];
};

/** @param dryRun changes nothing: `stale` is all that would be sealed again, and what cannot be. */
export const resealCatalog = async (keys: Keys, { dryRun }: { dryRun: boolean }): Promise<Resealed> => {
  const all = await catalogKeys(keys.dataSource);
  const result: Resealed = { entries: all.length, resealed: 0, stale: [] };
  for (const at of all) {
    let stale = await staleIn(keys, at);
    if (stale.length > 0 && !dryRun && (await resealEntry(keys, at))) {
      result.resealed += 1;
      stale = await staleIn(keys, at);
    }
    result.stale.push(...stale.map((each) => ({ ...at, ...each })));
  }
  return result;
};

/** Seals the tokens that earlier releases stored readable. Runs at every start, before anything is
 *  published. */
export const sealOldTokens = async (keys: Keys, log: Logger): Promise<void> => {
  for (const at of await networksWithoutHash(keys.dataSource))
    if (await resealEntry(keys, at)) log.info({ event: 'catalog.tokens_sealed', kind: at.kind, key: at.key });
};
