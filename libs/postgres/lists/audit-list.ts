import type { Queryable } from '../connection/database.js';
import { createFilter, type Branch, type Choice, type ListFilter } from './list-filter.js';
import { runList, type ListRows, type Page } from './run-list.js';

/** The audit, as the API reads it. */

type AuditFilter = {
  kind?: Choice | undefined;
  key?: Choice | undefined;
  action?: Choice | undefined;
  /** The id of a user or of a token, or the name of one. */
  actor?: Choice | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};
type AuditRow = {
  id: string;
  at: string;
  userId: string | null;
  tokenId: string | null;
  action: string;
  kind: string;
  key: string;
  before: object | null;
  after: object | null;
  actor: string;
};

const nameOf = `coalesce(nullif(concat_ws(' / ', u.name, t.name), ''), a.actor)`;
const columns = `a.id, a.user_id as "userId", a.token_id as "tokenId", a.action, a.kind, a.key, a.before, a.after,
  ${nameOf} as actor`;
const from = `audit a left join lateral (select * from users x where x.id = a.user_id offset 0) u on true
  left join lateral (select * from api_tokens x where x.id = a.token_id offset 0) t on true`;

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A token is named after its user and itself: every part of the name that may be its own. */
const tokenNames = (name: string): string[] => {
  const parts = name.split(' / ');
  return parts.map((_, at) => parts.slice(at).join(' / '));
};

const maxActors = 10;

type Actors = { userIds: string[]; tokenIds: string[] };

/** Who may have these names now, and some who have not. */
const actorsNamed = async (db: Queryable, names: readonly string[]): Promise<Actors> => {
  if (names.length === 0) return { userIds: [], tokenIds: [] };
  const { rows } = await db.query<Actors>(
    `select array(select id from users where name = any($1)) as "userIds",
       array(select id from api_tokens where name = any($2)) as "tokenIds"`,
    [names, names.flatMap(tokenNames)],
  );
  return rows[0] ?? { userIds: [], tokenIds: [] };
};

const byActor = async (db: Queryable, where: ListFilter, actor: Choice | undefined): Promise<void> => {
  if (actor === undefined) return;
  const ids = actor.values.filter((value) => uuidForm.test(value));
  const names = actor.values.filter((value) => !uuidForm.test(value));
  const [idsPlace, namesPlace] = [where.place(ids), where.place(names)];
  const isActor = `(a.user_id = any(${idsPlace}::uuid[]) or a.token_id = any(${idsPlace}::uuid[]) or ${nameOf} = any(${namesPlace}::text[]))`;
  if (actor.not) {
    where.and(`${isActor} is not true`);
    return;
  }
  const named = await actorsNamed(db, names);
  const branch = (column: string, values: readonly string[], type: 'uuid' | 'text', also: string): Branch[] =>
    [...new Set(values)].map((value) => ({
      key: { column, value: `${where.place(value)}::${type}` },
      where: also,
      parts: 1,
    }));
  // Many are rare: they are looked for like anything else.
  if (ids.length + names.length + named.userIds.length + named.tokenIds.length > maxActors) {
    where.and(isActor);
    return;
  }
  where.byBranches(names.length === 0 ? isActor : 'true', () => [
    ...branch('a.user_id', [...ids, ...named.userIds], 'uuid', 'a.user_id is not null'),
    ...branch('a.token_id', [...ids, ...named.tokenIds], 'uuid', 'a.token_id is not null'),
    // Lines from before actors had ids.
    ...branch('a.actor', names, 'text', "a.actor <> ''"),
  ]);
  // Names are not exact in the indexes: a user's lines by a token have another name.
  if (names.length > 0) where.and(isActor);
};

/** Newest first, with the names that the actors have now. */
export const listAudit = async (db: Queryable, filter: AuditFilter, page: Page): Promise<ListRows<AuditRow>> => {
  const where = createFilter('a.at');
  await byActor(db, where, filter.actor);
  where
    .byIndex('a.key', filter.key)
    .byIndex('a.action', filter.action)
    .byIndex('a.kind', filter.kind)
    .bound('>=', filter.from)
    .bound('<', filter.to);
  return runList<AuditRow>(db, { columns, from, rowsFrom: 'audit a', time: 'a.at', id: 'a.id', filter: where }, page);
};
