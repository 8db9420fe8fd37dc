import type { PostbackReceivedV1 } from '#contracts';
import type { Queryable } from '../connection/database.js';
import { createFilter, runList, type Page } from '../connection/list-filter.js';
import type { PostbackState } from '../ledger/postback-store.js';

/** The log of inbound calls, as the API reads it. Written by attribution. */
export type PostbackRow = {
  id: string;
  receivedAt: Date;
  networkKey: string | null;
  state: PostbackState;
  refusal: string | null;
  channel: string;
  authenticatedBy: PostbackReceivedV1['authenticatedBy'];
  read: PostbackReceivedV1['read'];
  problems: PostbackReceivedV1['problems'];
  raw: PostbackReceivedV1['raw'];
  baseId: string | null;
  conversionId: string | null;
  test: boolean;
  suppressDelivery: boolean;
  replays: unknown[];
  decidedAt: Date;
};

export type PostbackFilter = {
  id?: string;
  clickId?: string;
  transactionId?: string;
  conversionId?: string;
  networkKey?: string;
  state?: PostbackState;
  refusal?: string;
  channel?: string;
  from?: Date;
  to?: Date;
};

const columns = `id, received_at as "receivedAt", network_key as "networkKey", state, refusal, channel,
  authenticated_by as "authenticatedBy", read, problems, raw, base_id as "baseId", conversion_id as "conversionId",
  test,
  suppress_delivery as "suppressDelivery", replays, decided_at as "decidedAt"`;

/** The log is keyed by time too, and a UUID v7 holds the time at which it was made: a moment before or after the call was stamped. So
 *  an id alone finds its partition. */
const aroundId = (id: string | undefined, offsetMs: number): Date | undefined =>
  id === undefined || id[14] !== '7' ? undefined : new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16) + offsetMs);

/** Newest first. Click ids are asked for in any case, as networks send them back. */
export const listPostbacks = (
  db: Queryable,
  filter: PostbackFilter,
  page: Page,
): Promise<(PostbackRow & { at: string })[]> =>
  runList<PostbackRow>(db, {
    columns,
    from: 'postbacks',
    time: 'received_at',
    id: 'id',
    page,
    filter: createFilter()
      .and('received_at >= $?', aroundId(filter.id, -60_000))
      .and('received_at <= $?', aroundId(filter.id, 60_000))
      .and('id = $?', filter.id)
      .and('click_id in ($?, lower($?))', filter.clickId)
      .and('transaction_id = $?', filter.transactionId)
      .and('conversion_id = $?', filter.conversionId)
      .and('network_key = $?', filter.networkKey)
      .and('state = $?', filter.state)
      .and('refusal = $?', filter.refusal)
      .and('channel = $?', filter.channel)
      .and('received_at >= $?', filter.from)
      .and('received_at < $?', filter.to),
  });
