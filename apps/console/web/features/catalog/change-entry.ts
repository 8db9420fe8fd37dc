import { client } from '../../api/client';
import { problemOf } from '../../api/problem';
import type { CatalogKind } from './catalog-keys';
import { settingsOf, type Entry } from './entry';

/** Reads an entry, changes its settings and saves them against the version that was read, so that
 * a change made meanwhile is refused instead of lost. @throws Problem */
export const changeEntry = async (
  kind: CatalogKind,
  key: string,
  change: (settings: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> => {
  const path = `/api/v1/${kind}/{key}` as '/api/v1/networks/{key}';
  const read = await client.GET(path, { params: { path: { key } } });
  if (read.error) throw problemOf(read.error);
  const entry = read.data as unknown as Entry;
  const saved = await client.PUT(path, {
    params: { path: { key } },
    headers: { 'if-match': `"${entry.version}"` },
    // Settings of any kind: the API checks them against the kind's own schema.
    body: change(settingsOf(kind, entry)) as never,
  });
  if (saved.error) throw problemOf(saved.error);
};
