import type { CatalogKind } from '#contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { beginCatalogChange, CatalogEntry } from './catalog-store.js';

/** What the catalog in Postgres is sealed with, and how it is sealed again. */

type EntryKey = { kind: CatalogKind; key: string };

/** Every entry, the deleted too: their secrets are stored as well. */
export const catalogKeys = (dataSource: DataSource): Promise<EntryKey[]> =>
  dataSource.query<EntryKey[]>('select kind, key from catalog_entries order by kind, key');

/** Networks with a token that has no hash, as releases before wrote them. */
export const networksWithoutHash = (dataSource: DataSource): Promise<EntryKey[]> =>
  dataSource.query<EntryKey[]>(`
    select kind, key from catalog_entries
    where kind = 'network' and jsonb_path_exists(body, '$.tokens[*] ? (!exists(@.hash))') order by key`);

/** The beginnings of the sealed texts of each entry that is in use, which name their keys. Reads
 *  the whole catalog. */
export const catalogSealHeads = (dataSource: DataSource): Promise<(EntryKey & { heads: string[] })[]> =>
  dataSource.query<(EntryKey & { heads: string[] })[]>(`
    select kind, key, array_agg(distinct head[1]) as heads
    from catalog_entries, regexp_matches(body::text, '(sealed:[12]:[^:"]*:)', 'g') as head
    where not deleted group by kind, key order by kind, key`);

/** How many entries Kafka has not acknowledged in their present form. */
export const countUnrelayed = async (dataSource: DataSource): Promise<number> => {
  const [row] = await dataSource.query<{ count: number }[]>(
    'select count(*)::int as count from catalog_entries where relayed_version < version',
  );
  return row?.count ?? 0;
};

export const readCatalogEntry = (dataSource: DataSource, { kind, key }: EntryKey): Promise<CatalogEntry | null> =>
  dataSource.getRepository(CatalogEntry).findOneBy({ kind, key });

/** Rewrites the body of one entry with its next version, to be relayed; the time of its last change
 *  stays. One transaction with `note`, so an interruption leaves each entry as it was or
 *  rewritten.
 *  @param rewrite is given the body that is stored by then; null: nothing is written.
 *  @returns whether it was written */
export const rewriteCatalogEntry = (
  dataSource: DataSource,
  { kind, key }: EntryKey,
  rewrite: (body: object) => object | null,
  note: (manager: EntityManager) => Promise<void>,
): Promise<boolean> =>
  dataSource.transaction(async (manager) => {
    const change = await beginCatalogChange(manager);
    const entry = await change.find(kind, key);
    const body = entry && rewrite(entry.body);
    if (!entry || !body) return false;
    const { number, deleted, changedAt } = entry;
    await change.put({ kind, key, number, body, deleted, at: changedAt });
    await note(manager);
    return true;
  });
