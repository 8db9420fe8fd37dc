import { proofOfMessage, type KnownPostback, type PostbackReceivedV1, type PostbackRecord } from '#contracts';
import type { Queryable } from '../connection/database.js';

type KnownRow = {
  id: string;
  state: KnownPostback['state'];
  network_key: string | null;
  base_id: string | null;
  outcome: KnownPostback['outcome'];
};

/** Which of these postbacks are in the log already, locked until the transaction ends: two that
 * decide the same postback again (a sweep and a replay) come one after the other. */
export const lockKnownPostbacks = async (
  db: Queryable,
  wanted: readonly { id: string; receivedAtMs: number }[],
): Promise<Map<string, KnownPostback>> => {
  // Locked one after the other as they are asked for.
  const inOrder = wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const times = inOrder.map(({ receivedAtMs }) => receivedAtMs);
  const { rows } = await db.query<KnownRow>({
    name: 'lock-known-postbacks',
    text: `select p.* from unnest($1::uuid[], $2::bigint[]) as w (id, at) cross join lateral (
        select p.id, p.state, p.network_key, p.base_id, p.outcome from postbacks p
        where p.id = w.id and p.received_at = to_timestamp(w.at / 1000.0)
          and p.received_at between to_timestamp($3::bigint / 1000.0) and to_timestamp($4::bigint / 1000.0)
        for update) p`,
    values: [inOrder.map(({ id }) => id), times, Math.min(...times), Math.max(...times)],
  });
  return new Map(
    rows.map(({ id, state, network_key, base_id, outcome }) => [
      id,
      { state, networkKey: network_key, baseId: base_id, outcome },
    ]),
  );
};

/** JSON goes as one array of all rows, not as an array of texts: pg escapes those quote by quote,
 * and JSON is full of quotes. It was the largest item in attribution's profile. */
const valuesOf = (records: readonly PostbackRecord[]): unknown[] => {
  const column = <Value>(of: (record: PostbackRecord) => Value): Value[] => records.map(of);
  return [
    column(({ message }) => message.receivedAtMs),
    column(({ message }) => message.id),
    column((record) => record.networkKey),
    column((record) => record.state),
    column((record) => record.refusal),
    column((record) => record.clickId),
    column((record) => record.transactionId),
    column((record) => record.event),
    column((record) => record.baseId),
    column((record) => record.conversionId),
    column(({ message }) => message.channel),
    JSON.stringify(column(({ message }) => message.read)),
    JSON.stringify(column(({ message }) => message.problems)),
    JSON.stringify(column(({ outcome }) => outcome)),
    JSON.stringify(column(({ message }) => message.raw)),
    column(({ message }) => message.authenticatedBy),
    column(({ message }) => message.suppressDelivery),
    column(({ message }) => message.test),
    column(({ message }) => proofOfMessage(message)),
  ];
};

/** Writes new postbacks. Answers how many it wrote: fewer than given means that another node had
 * one of them at the same time. */
export const insertPostbacks = async (db: Queryable, records: readonly PostbackRecord[]): Promise<number> => {
  if (records.length === 0) return 0;
  const { rowCount } = await db.query({
    name: 'insert-postbacks',
    text: `insert into postbacks (received_at, id, network_key, state, refusal, click_id, transaction_id, event, base_id, conversion_id,
        read, problems, outcome, channel, authenticated_by, raw, suppress_delivery, test, proof)
      select to_timestamp(p.at / 1000.0), p.id, p.network, p.state, p.refusal, p.click, p.transaction, p.event, p.base, p.conversion,
        p.read, p.problems, p.outcome, p.channel, p.authenticated, p.raw, p.suppress, p.test, p.proof
      from rows from (unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::uuid[], $10::uuid[], $11::text[]),
        jsonb_array_elements($12::jsonb), jsonb_array_elements($13::jsonb), jsonb_array_elements($14::jsonb),
        jsonb_array_elements($15::jsonb), unnest($16::text[], $17::boolean[], $18::boolean[], $19::text[]))
        as p (at, id, network, state, refusal, click, transaction, event, base, conversion, channel,
          read, problems, outcome, raw, authenticated, suppress, test, proof)
      on conflict do nothing`,
    values: valuesOf(records),
  });
  return rowCount ?? 0;
};

/** Writes what became of postbacks that are in the log already: an orphan that was released, a
 * replay, which keeps what the call was before in `replays`. The raw call is never changed. An
 * outcome stays while nothing new comes of the call: it may not have been published yet. */
export const updatePostbacks = async (db: Queryable, records: readonly PostbackRecord[]): Promise<void> => {
  if (records.length === 0) return;
  await db.query({
    name: 'update-postbacks',
    text: `update postbacks k set
        replays = case when p.channel = 'replay' then k.replays || jsonb_build_object('at', k.decided_at, 'state', k.state,
          'refusal', k.refusal, 'read', k.read, 'conversionId', k.conversion_id) else k.replays end,
        network_key = p.network, state = p.state, refusal = p.refusal, click_id = p.click, transaction_id = p.transaction,
        event = p.event, base_id = p.base, conversion_id = p.conversion, read = p.read, problems = p.problems,
        outcome = case when p.outcome = '[]' then k.outcome else p.outcome end, decided_at = now()
      from rows from (unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::uuid[], $10::uuid[], $11::text[]),
        jsonb_array_elements($12::jsonb), jsonb_array_elements($13::jsonb), jsonb_array_elements($14::jsonb))
        as p (at, id, network, state, refusal, click, transaction, event, base, conversion, channel, read, problems, outcome)
      where k.id = p.id and k.received_at = to_timestamp(p.at / 1000.0)`,
    values: valuesOf(records).slice(0, 14),
  });
};

/** The refusal of a postback came or went because of another report of the same conversion. UUID v7
 * holds the time it came in. */
export const flipPostbacks = async (
  db: Queryable,
  flips: readonly { id: string; refusal: string | null; conversionId: string | null }[],
): Promise<void> => {
  if (flips.length === 0) return;
  await db.query({
    name: 'flip-postbacks',
    text: `update postbacks k set state = case when f.refusal is null then 'applied' else 'refused' end,
        refusal = f.refusal, conversion_id = coalesce(k.conversion_id, f.conversion), decided_at = now()
      from unnest($1::uuid[], $2::text[], $3::uuid[]) as f (id, refusal, conversion)
      where k.id = f.id and k.received_at between uuid_extract_timestamp(f.id) - interval '1 minute'
        and uuid_extract_timestamp(f.id) + interval '1 minute'`,
    values: [
      flips.map(({ id }) => id),
      flips.map(({ refusal }) => refusal),
      flips.map(({ conversionId }) => conversionId),
    ],
  });
};

type MessageRow = {
  id: string;
  received_at: Date;
  network_key: string | null;
  channel: PostbackReceivedV1['channel'];
  authenticated_by: PostbackReceivedV1['authenticatedBy'];
  proof: PostbackReceivedV1['proof'] | null;
  read: PostbackReceivedV1['read'];
  problems: PostbackReceivedV1['problems'];
  raw: PostbackReceivedV1['raw'];
  refusal: string | null;
  suppress_delivery: boolean;
  test: boolean;
};

/** Kept calls as the messages they came in, to be decided again. */
export const readPostbackMessages = async (
  db: Queryable,
  wanted: readonly { id: string; receivedAtMs: number }[],
): Promise<PostbackReceivedV1[]> => {
  if (wanted.length === 0) return [];
  const times = wanted.map(({ receivedAtMs }) => receivedAtMs);
  const { rows } = await db.query<MessageRow>({
    name: 'read-postback-messages',
    text: `select p.* from unnest($1::uuid[], $2::bigint[]) as w (id, at) cross join lateral (
        select p.id, p.received_at, p.network_key, p.channel, p.authenticated_by, p.read, p.problems, p.raw, p.refusal,
          p.suppress_delivery, p.test, p.proof
        from postbacks p where p.id = w.id and p.received_at = to_timestamp(w.at / 1000.0)
          and p.received_at between to_timestamp($3::bigint / 1000.0) and to_timestamp($4::bigint / 1000.0) offset 0) p
      order by p.received_at, p.id`,
    values: [wanted.map(({ id }) => id), times, Math.min(...times), Math.max(...times)],
  });
  return rows.map((row) => ({
    id: row.id,
    receivedAtMs: row.received_at.getTime(),
    channel: row.channel,
    networkKey: row.network_key,
    authenticatedBy: row.authenticated_by,
    ...(row.proof ? { proof: row.proof } : {}),
    raw: row.raw,
    read: row.read,
    problems: row.problems,
    refusal: row.refusal,
    suppressDelivery: row.suppress_delivery,
    test: row.test,
  }));
};
