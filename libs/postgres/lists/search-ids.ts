import type { Queryable } from '../connection/database.js';

/** Finds what carries an id. Each query goes by an index, and reads a few rows at most. */
export type Found = {
  kind: 'conversion' | 'delivery' | 'postback' | 'click' | 'upload';
  id: string;
  title: string;
  at: Date;
};

const perKind = 10;

/** The parts of a UUID: what was made under it. */
export const searchUuid = async (db: Queryable, id: string): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `(select 'conversion' as kind, c.id::text, concat_ws(' ', c.network_key, c.transaction_id, c.state) as title,
        c.recorded_at as at from conversions c where c.id = $1 and c.state is not null)
     union all
     (select 'delivery', d.id::text, concat_ws(' ', d.destination_key, d.cause, d.state), d.created_at
      from deliveries d where d.id = $1 limit 1)
     union all
     (select 'upload', $1::text, concat('report file of ', count(*), case count(*) when 1 then ' call' else ' calls' end), min(p.received_at) from postbacks p
      where p.channel = 'upload' and split_part(p.raw -> 'headers' ->> 'carom-upload', '/', 1) = $1::text having count(*) > 0)`,
    [id],
  );
  return rows;
};

/** Conversions by a text that a network or a source made. */
export const searchConversions = async (
  db: Queryable,
  by: 'transaction_id' | 'click_id' | 'external_id',
  texts: readonly string[],
): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `select 'conversion' as kind, id::text, concat_ws(' ', network_key, transaction_id, state) as title, recorded_at as at
     from conversions where ${by} = any($1) and state is not null order by recorded_at desc limit ${perKind}`,
    [texts],
  );
  return rows;
};

/** Calls by a text that they were read to name. */
export const searchPostbacks = async (
  db: Queryable,
  by: 'transaction_id' | 'click_id',
  texts: readonly string[],
): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `select 'postback' as kind, id::text, concat_ws(' ', network_key, transaction_id, state, refusal) as title,
       received_at as at from postbacks where ${by} = any($1) order by received_at desc limit ${perKind}`,
    [texts],
  );
  return rows;
};

/** Clicks by the source's own id, of the days since a moment. */
export const searchClicks = async (db: Queryable, externalId: string, since: Date): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `select 'click' as kind, click_id as id, concat_ws(' ', campaign_key, external_id) as title, clicked_at as at
     from clicks where external_id = $1 and clicked_at >= $2 order by clicked_at desc limit ${perKind}`,
    [externalId, since],
  );
  return rows;
};

/** The newest calls that were not applied and have the text anywhere in their URL. */
export const searchRefusedCalls = async (db: Queryable, text: string, since: Date): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `select 'postback' as kind, id::text, concat_ws(' ', network_key, state, refusal) as title, received_at as at
     from (select * from postbacks where state in ('refused', 'orphan', 'parked') and received_at >= $2
       order by received_at desc limit 20000) p
     where position(lower($1) in lower(raw ->> 'target')) > 0 limit ${perKind}`,
    [text, since],
  );
  return rows;
};

/** The newest calls that were not applied, whatever they say. */
export const newestRefusedCalls = async (db: Queryable): Promise<Found[]> => {
  const { rows } = await db.query<Found>(
    `select 'postback' as kind, id::text, concat_ws(' ', network_key, state, refusal) as title, received_at as at
     from postbacks where state in ('refused', 'orphan', 'parked') order by received_at desc limit ${perKind}`,
  );
  return rows;
};
