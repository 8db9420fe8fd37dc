import type { Queryable } from '../connection/database.js';

/** Tokens that the last clicks of a campaign carried. It looks at a bounded number of clicks, so a
 *  busy campaign costs no more. */
type SeenToken = {
  name: string;
  clicks: number;
  distinctValues: number;
  topValues: { value: string; clicks: number }[];
};
const lookedAt = 20_000;

export const tokensOfCampaign = async (
  db: Queryable,
  campaignKey: string,
  since: Date,
): Promise<{ clicks: number; tokens: SeenToken[] }> => {
  const { rows } = await db.query<SeenToken & { looked: number }>(
    `with k as materialized (
       select tokens from clicks where campaign_key = $1 and clicked_at >= $2 order by clicked_at desc limit ${lookedAt}
     ), v as (
       select e.key as name, left(e.value, 200) as value, count(*) as clicks from k cross join lateral jsonb_each_text(k.tokens) e
       group by 1, 2
     ), ranked as (
       select v.*, row_number() over (partition by name order by clicks desc, value) as rank from v
     )
     select name, sum(clicks)::float8 as clicks, count(*)::float8 as "distinctValues",
       jsonb_agg(jsonb_build_object('value', value, 'clicks', clicks) order by rank) filter (where rank <= 20) as "topValues",
       (select count(*)::float8 from k) as looked
     from ranked group by name order by 2 desc, 1`,
    [campaignKey, since],
  );
  return { clicks: rows[0]?.looked ?? 0, tokens: rows.map(({ looked: _looked, ...token }) => token) };
};
