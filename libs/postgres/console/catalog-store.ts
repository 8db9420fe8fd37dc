import { catalogEntryV1, publishedValue, type CatalogEntryV1, type CatalogKind } from '#contracts';
import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';
import type { Queryable } from '../connection/database.js';
import { advisoryLocks } from '../connection/locks.js';

/** The catalog in Postgres: what people set up, one row per kind and key, its inside as JSON by
 *  the schemas of libs/contracts. Bodies come and go with their secrets sealed; this store never
 *  sees one open. */

/** A version counts single changes, so it never exceeds what a number can hold. */
const asNumber = { from: (value: bigint) => Number(value), to: (value: number) => String(value) };

@Entity('catalog_entries')
export class CatalogEntry {
  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('text')
  key!: string;

  /** Short and never given to another key, because click ids hold it. A key that is deleted and
   *  created again keeps it. */
  @Column('integer')
  number!: number;

  @Column('jsonb')
  body!: object;

  @Column({ type: 'bigint', transformer: asNumber })
  version!: number;

  @Column({ type: 'bigint', name: 'relayed_version', transformer: asNumber })
  relayedVersion!: number;

  @Column('boolean')
  deleted!: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', insert: false, update: false })
  createdAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}

/** One change of the catalog, in one transaction. */
export type CatalogChange = {
  find: (kind: string, key: string) => Promise<CatalogEntry | null>;
  /** Which live entries name this one. */
  usersOf: (kind: string, key: string) => Promise<{ kind: string; key: string }[]>;
  /** The number for a new entry of this kind. */
  nextNumber: (kind: string) => Promise<number>;
  /** Writes the entry with the next version, to be relayed. */
  put: (entry: {
    kind: string;
    key: string;
    number: number;
    body: object;
    deleted: boolean;
    at: Date;
  }) => Promise<CatalogEntry>;
};

/** Writes of the catalog run one after another: they are rare. So no reference can be deleted
 *  while a use of it is added, and versions are committed in the order of their numbers. */
const writersLock = advisoryLocks.catalogWriters;
/** Held while entries are published, so that of several consoles one relays at a time. */
const relayLock = advisoryLocks.catalogRelay;

/** Takes the lock of catalog writers until the transaction ends. */
export const beginCatalogChange = async (manager: EntityManager): Promise<CatalogChange> => {
  await manager.query('select pg_advisory_xact_lock($1)', [writersLock]);
  const entries = manager.getRepository(CatalogEntry);
  return {
    find: (kind, key) => entries.findOneBy({ kind, key }),
    usersOf: (kind, key) => manager.query<{ kind: string; key: string }[]>(usersSql, [kind, key]),
    nextNumber: async (kind) => {
      const [rows] = await manager.query<[{ last: number }[], number]>(
        'update catalog_numbers set last = last + 1 where kind = $1 returning last',
        [kind],
      );
      return rows[0]!.last;
    },
    put: async ({ kind, key, number, body, deleted, at }) => {
      const [{ version }] = await manager.query<[{ version: bigint }]>(`select nextval('catalog_version') as version`);
      const row = { kind, key, number, body, deleted, changedAt: at, version: Number(version), relayedVersion: 0 };
      await entries.upsert(row, ['kind', 'key']);
      return entries.findOneByOrFail({ kind, key });
    },
  };
};

const usersSql = `
  select kind, key from catalog_entries
  where not deleted and (
    ($1 = 'network' and kind = 'offer' and body->>'networkKey' = $2) or
    ($1 = 'source' and kind = 'campaign' and body->>'sourceKey' = $2) or
    ($1 = 'offer' and kind = 'campaign' and body->'offers' @> jsonb_build_array(jsonb_build_object('offerKey', $2::text))))
  order by kind, key`;

export const findCatalogEntry = (dataSource: DataSource, kind: string, key: string): Promise<CatalogEntry | null> =>
  dataSource.getRepository(CatalogEntry).findOneBy({ kind, key, deleted: false });

/** Live entries of a kind by key, `afterKey` excluded. */
export const listCatalogEntries = (
  dataSource: DataSource,
  options: { kind: string; afterKey: string | null; limit: number },
): Promise<CatalogEntry[]> =>
  dataSource
    .getRepository(CatalogEntry)
    .createQueryBuilder('entry')
    .where('entry.kind = :kind and not entry.deleted', options)
    .andWhere(options.afterKey === null ? 'true' : 'entry.key > :afterKey', options)
    .orderBy('entry.key')
    .limit(options.limit)
    .getMany();

/** The current entries, deleted ones included, in the form of their topic: for a reader that met a
 *  key before the topic brought it. An entry is committed before its key can be used, so a key
 *  that is not found here does not exist. */
export const readCatalogEntries = async (
  db: Queryable,
  wanted: readonly { kind: CatalogKind; key: string }[],
): Promise<CatalogEntryV1[]> => {
  const { rows } = await db.query<Pick<CatalogEntry, 'kind' | 'key' | 'version' | 'deleted' | 'changedAt' | 'body'>>({
    name: 'read-catalog-entries',
    text: `select kind, key, version, deleted, changed_at as "changedAt", body from catalog_entries
      join unnest($1::text[], $2::text[]) as w (kind, key) using (kind, key)`,
    values: [wanted.map(({ kind }) => kind), wanted.map(({ key }) => key)],
  });
  return rows.map((row) => catalogEntryV1.parse(catalogEntryOf({ ...row, version: Number(row.version) })));
};

/** A row of the catalog as every reader of the topic gets it: secrets sealed, tokens as hashes. */
export const catalogEntryOf = ({
  kind,
  key,
  version,
  deleted,
  changedAt,
  body,
}: Pick<CatalogEntry, 'kind' | 'key' | 'version' | 'deleted' | 'changedAt' | 'body'>): CatalogEntryV1 =>
  ({
    kind: kind as CatalogKind,
    key,
    version,
    changedAt: changedAt.toISOString(),
    value: deleted ? null : publishedValue(kind, body),
  }) as CatalogEntryV1;

/** Everything there is, the deleted too: what a service would hold that had read the topic to
 *  its end. */
export const allCatalogEntries = (dataSource: DataSource): Promise<CatalogEntry[]> =>
  dataSource.getRepository(CatalogEntry).find({ order: { version: 'ASC' } });

/** Takes what Kafka has not acknowledged, in the order of versions, gives it to `publish`, and
 *  marks it when that resolves.
 *  @param again entries ("kind:key") to publish though they are marked.
 *  @returns how many were published; null when another console is at it. Throws what `publish`
 *  throws; then nothing is marked and the same comes again. */
export const relayCatalog = (
  dataSource: DataSource,
  options: { limit: number; again: readonly string[]; publish: (entries: CatalogEntry[]) => Promise<void> },
): Promise<number | null> =>
  dataSource.transaction(async (manager) => {
    const [{ locked }] = await manager.query<[{ locked: boolean }]>('select pg_try_advisory_xact_lock($1) as locked', [
      relayLock,
    ]);
    if (!locked) return null;
    const entries = await manager
      .getRepository(CatalogEntry)
      .createQueryBuilder('entry')
      .where('entry.relayed_version < entry.version')
      .orWhere(`entry.kind || ':' || entry.key = any(:again)`, { again: options.again })
      .orderBy('entry.version')
      .limit(options.limit)
      .getMany();
    if (entries.length === 0) return 0;
    await options.publish(entries);
    await manager.query(
      `update catalog_entries e set relayed_version = greatest(e.relayed_version, sent.version)
       from unnest($1::text[], $2::text[], $3::bigint[]) as sent (kind, key, version)
       where e.kind = sent.kind and e.key = sent.key`,
      [entries.map(({ kind }) => kind), entries.map(({ key }) => key), entries.map(({ version }) => version)],
    );
    return entries.length;
  });

/** Marks everything as not relayed: for a topic that was lost.
 *  @returns how many entries will be published */
export const forgetRelayed = async (manager: EntityManager): Promise<number> => {
  const { affected } = await manager.createQueryBuilder().update(CatalogEntry).set({ relayedVersion: 0 }).execute();
  return affected ?? 0;
};
