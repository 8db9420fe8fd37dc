import type { Queryable } from '../connection/database.js';

export type AuditEntry = {
  id: string;
  at: Date;
  actor: string;
  action: string;
  kind: string;
  key: string;
  before: unknown;
  after: unknown;
};

/** Writes one line of the audit: who did what, and how it looked before and after. */
export const insertAudit = async (db: Queryable, row: Omit<AuditEntry, 'at'>): Promise<void> => {
  await db.query(
    `insert into audit (id, actor, action, kind, key, before, after) values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.actor, row.action, row.kind, row.key, asJson(row.before), asJson(row.after)],
  );
};
const asJson = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

/** Newest first. Ids are UUID v7, so their order is that of time, and unlike a timestamp in JavaScript they lose no microseconds. */
export const listAudit = async (
  db: Queryable,
  filter: { kind?: string; key?: string; actor?: string; from?: Date; to?: Date },
  page: { beforeId: string | null; limit: number },
): Promise<AuditEntry[]> => {
  const { rows } = await db.query<AuditEntry>(
    `select id, at, actor, action, kind, key, before, after from audit
     where ($1::text is null or kind = $1) and ($2::text is null or key = $2) and ($3::text is null or actor = $3)
       and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
       and ($6::uuid is null or id < $6)
     order by id desc limit $7`,
    [
      filter.kind ?? null,
      filter.key ?? null,
      filter.actor ?? null,
      filter.from ?? null,
      filter.to ?? null,
      page.beforeId,
      page.limit,
    ],
  );
  return rows;
};
