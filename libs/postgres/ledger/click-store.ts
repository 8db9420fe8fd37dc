import type { ClickRecordedV1, KnownClick } from '#contracts';
import { dayMs, visitorOf } from '#domain';
import type { Queryable } from '../connection/database.js';

const insertClicks = `
insert into clicks (clicked_at, click_id, campaign_key, source_key, offer_key, network_key, external_id, external_id_raw, tokens,
  cost_model, cost_nanos, cost_currency, visitor, channel, is_unique, flags)
select to_timestamp(c.at / 1000.0), c.id, c.campaign, c.source, c.offer, c.network, c.external, c.external_raw, c.tokens,
  c.cost_model, c.cost_nanos, c.cost_currency, c.visitor, c.channel, c.is_unique,
  array(select jsonb_array_elements_text(c.flags))
from rows from (unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]),
  jsonb_array_elements($9::jsonb), unnest($10::text[], $11::bigint[], $12::text[]), jsonb_array_elements($13::jsonb),
  unnest($14::text[], $15::boolean[]), jsonb_array_elements($16::jsonb))
  as c (at, id, campaign, source, offer, network, external, external_raw, tokens,
    cost_model, cost_nanos, cost_currency, visitor, channel, is_unique, flags)
on conflict do nothing
returning click_id`;

const dayOf = (ms: number): string => new Date(Math.floor(ms / dayMs) * dayMs).toISOString();

/** Which of these clicks are the first of their visitor on their campaign and day. Asked here and
 * not at the redirect, which waits for no database. A click of which only its time is known (an
 * import) counts as a visitor of its own; one with a flag counts as none. */
const firstOfTheirDay = async (db: Queryable, clicks: readonly ClickRecordedV1[]): Promise<Set<string>> => {
  const first = new Set<string>();
  const visits = new Map<string, { day: string; visitor: bigint; clickId: string }>();
  for (const click of clicks) {
    if (!click.unique || click.flags.length > 0) continue;
    const { clickId } = click;
    const visitor = visitorOf(click);
    if (visitor === null) first.add(clickId);
    else {
      const day = dayOf(click.clickedAtMs);
      const visit = `${day} ${visitor}`;
      if (!visits.has(visit)) visits.set(visit, { day, visitor, clickId });
    }
  }
  if (visits.size === 0) return first;
  // In one order for all, so that two batches with the same visitors do not wait for each other.
  const wanted = [...visits.values()].sort((a, b) => (a.visitor < b.visitor ? -1 : 1));
  const { rows } = await db.query<{ day: Date; visitor: bigint }>({
    name: 'record-visitors',
    text: `insert into visitors (day, visitor) select * from unnest($1::timestamptz[], $2::bigint[]) on conflict do nothing
      returning day, visitor`,
    values: [wanted.map(({ day }) => day), wanted.map(({ visitor }) => visitor.toString())],
  });
  for (const { day, visitor } of rows) first.add(visits.get(`${dayOf(day.getTime())} ${visitor}`)?.clickId ?? '');
  return first;
};

/** Records clicks; those that are there already are passed over. Answers the ids of the new ones,
 * and which of all are unique. */
export const recordClicks = async (
  db: Queryable,
  clicks: readonly ClickRecordedV1[],
): Promise<{ recorded: Set<string>; unique: Set<string> }> => {
  if (clicks.length === 0) return { recorded: new Set(), unique: new Set() };
  const unique = await firstOfTheirDay(db, clicks);
  const column = <Value>(of: (click: ClickRecordedV1) => Value): Value[] => clicks.map(of);
  const { rows } = await db.query<{ click_id: string }>({
    name: 'record-clicks',
    text: insertClicks,
    values: [
      column((click) => click.clickedAtMs),
      column((click) => click.clickId),
      column((click) => click.campaignKey),
      column((click) => click.sourceKey),
      column((click) => click.offerKey),
      column((click) => click.networkKey),
      column((click) => click.externalId),
      column((click) => click.externalIdRaw),
      // JSON goes as one array of all rows, see postback-store.ts.
      JSON.stringify(column((click) => click.tokens)),
      column((click) => click.cost?.model ?? null),
      column((click) => click.cost?.amountNanos ?? null),
      column((click) => click.cost?.currency ?? null),
      JSON.stringify(column((click) => click.visitor)),
      column((click) => click.channel),
      column((click) => unique.has(click.clickId)),
      JSON.stringify(column((click) => click.flags)),
    ],
  });
  return { recorded: new Set(rows.map((row) => row.click_id)), unique };
};

/** Records when imported clicks happened, because their ids do not say. The first time given stays.
 */
export const recordImportedClicks = async (db: Queryable, clicks: readonly ClickRecordedV1[]): Promise<void> => {
  if (clicks.length === 0) return;
  await db.query({
    name: 'record-imported-clicks',
    text: `insert into click_imports (click_id, clicked_at)
      select c.id, to_timestamp(c.at / 1000.0) from unnest($1::text[], $2::bigint[]) as c (id, at) on conflict do nothing`,
    values: [clicks.map((click) => click.clickId), clicks.map((click) => click.clickedAtMs)],
  });
};

type ClickRow = {
  click_id: string;
  clicked_at: Date;
  campaign_key: string;
  source_key: string;
  offer_key: string;
  network_key: string;
  external_id: string | null;
  external_id_raw: string | null;
  tokens: Record<string, string>;
  cost_model: NonNullable<KnownClick['cost']>['model'] | null;
  cost_nanos: bigint | null;
  cost_currency: string | null;
  visitor: { ip?: string | null; userAgent?: string | null };
};

const columns = `k.click_id, k.clicked_at, k.campaign_key, k.source_key, k.offer_key, k.network_key, k.external_id, k.external_id_raw,
  k.tokens, k.cost_model, k.cost_nanos, k.cost_currency, k.visitor`;

const clickOf = (row: ClickRow): KnownClick => ({
  clickId: row.click_id,
  clickedAtMs: row.clicked_at.getTime(),
  campaignKey: row.campaign_key,
  sourceKey: row.source_key,
  offerKey: row.offer_key,
  networkKey: row.network_key,
  externalId: row.external_id,
  externalIdRaw: row.external_id_raw,
  tokens: row.tokens,
  cost:
    row.cost_model === null
      ? null
      : {
          model: row.cost_model,
          amountNanos: row.cost_nanos?.toString() ?? null,
          currency: row.cost_currency ?? '',
          raw: null,
        },
  visitor: { ip: row.visitor.ip ?? null, userAgent: row.visitor.userAgent ?? null },
});

/** Finds clicks by their ids. Own ids come with the time they hold, imported ones with null. One
 * query for each of the two kinds; the bounds let the planner leave out the partitions of other
 * days. */
export const findClicks = async (
  db: Queryable,
  wanted: readonly { clickId: string; atMs: number | null }[],
): Promise<Map<string, KnownClick>> => {
  const found = new Map<string, KnownClick>();
  const own = wanted.flatMap(({ clickId, atMs }) => (atMs === null ? [] : [{ clickId, atMs }]));
  const imported = wanted.filter(({ atMs }) => atMs === null);
  if (own.length > 0) {
    const times = own.map(({ atMs }) => atMs);
    const { rows } = await db.query<ClickRow>({
      name: 'find-clicks',
      text: `select k.* from unnest($1::text[], $2::bigint[]) as w (id, at) cross join lateral (
          select ${columns} from clicks k where k.click_id = w.id and k.clicked_at = to_timestamp(w.at / 1000.0)
            and k.clicked_at between to_timestamp($3::bigint / 1000.0) and to_timestamp($4::bigint / 1000.0) offset 0) k`,
      values: [own.map(({ clickId }) => clickId), times, Math.min(...times), Math.max(...times)],
    });
    for (const row of rows) found.set(row.click_id, clickOf(row));
  }
  if (imported.length > 0) {
    const { rows } = await db.query<ClickRow>({
      name: 'find-imported-clicks',
      text: `select ${columns} from click_imports i
        join clicks k on k.click_id = i.click_id and k.clicked_at = i.clicked_at where i.click_id = any($1::text[])`,
      values: [imported.map(({ clickId }) => clickId)],
    });
    for (const row of rows) found.set(row.click_id, clickOf(row));
  }
  return found;
};
