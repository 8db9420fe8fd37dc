import type { Queryable } from '../connection/database.js';
import type { Choice } from './list-filter.js';
import type { List } from './run-list.js';

/** Lists whose rows belong to conversions can be asked for those of one campaign, and no index of
 *  theirs has it. Where the campaign has few conversions their rows are found by these; where it
 *  has many, a page is found within the rows that a list looks at. */

const columns = {
  campaignKey: 'campaign_key',
  sourceKey: 'source_key',
  offerKey: 'offer_key',
  networkKey: 'network_key',
} as const;
type OfConversion = { [Name in keyof typeof columns]?: Choice | undefined };

const maxFew = 1_000;

/** The conversions that one of the choices leaves. Null: they are too many, or nothing asks. */
const fewConversions = async (db: Queryable, filter: OfConversion): Promise<string[] | null> => {
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    const choice = filter[name];
    if (!choice || choice.not || choice.values.includes('')) continue;
    // The order is that of the index: without it Postgres may read the whole table for a key that
    // is rarer than it believes.
    const { rows } = await db.query<{ id: string }>(
      `select id from conversions where ${columns[name]} = any($1::text[])
       order by ${columns[name]}, recorded_at, id limit ${maxFew + 1}`,
      [choice.values],
    );
    if (rows.length <= maxFew) return rows.map(({ id }) => id);
  }
  return null;
};

/** Narrows a list to the rows of few conversions, where its filter names them.
 *
 *  @param table as the list's `from` names it, with its alias: `postbacks p`. */
export const narrowToFew = async (
  db: Queryable,
  { list, filter, table }: { list: List; filter: OfConversion; table: `${string} ${string}` },
): Promise<List> => {
  const ids = await fewConversions(db, filter);
  if (ids === null) return list;
  const [name, alias] = table.split(' ');
  // Postgres may not look for them in the order of the list instead.
  const few = `(select * from ${name} where conversion_id = any(${list.filter.place(ids)}::uuid[]) offset 0) ${alias}`;
  return { ...list, from: list.from.replace(table, few), size: 'small' };
};
