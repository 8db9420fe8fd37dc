import { readClickId } from '#domain';
import {
  importedClickAt,
  listClicks,
  listPostbacks,
  newestRefusedCalls,
  only,
  searchClicks,
  searchConversions,
  searchPostbacks,
  searchRefusedCalls,
  searchUuid,
  type Found,
} from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';

/** One search box for any id. It says what was found, or what was searched and which refused
 *  calls come nearest. */

const dayMs = 86_400_000;
const clickDays = 30;
const refusedDays = 7;

const searchQuery = z.strictObject({ q: z.string().trim().min(1).max(2000) });
const item = z.object({
  kind: z.enum(['click', 'conversion', 'delivery', 'postback', 'upload']),
  id: z.string(),
  title: z.string(),
  at: z.iso.datetime(),
});
const searched = z.object({
  what: z.enum(['click', 'transaction', 'external', 'conversion', 'delivery', 'postback', 'upload', 'refused']),
  /** Since when; null: all that is kept. */
  since: z.iso.datetime().nullable(),
});
const searchAnswer = z.object({
  q: z.string(),
  items: z.array(item),
  searched: z.array(searched),
  /** Where nothing was found: calls that were not applied and have the text in their URL, or
   *  else the newest. */
  nearest: z.array(item),
});
type Searched = { what: z.infer<typeof searched>['what']; since: Date | null };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

@Controller('api/v1/search')
export class SearchController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'secrets' | 'now'>) {}

  @Get()
  @Operation({
    summary:
      'Finds any id: of a click, a transaction, the source’s own click, a conversion, a delivery, a call or an upload. ' +
      'Without a hit it says what was searched, and shows the refused calls that come nearest.',
    role: 'viewer',
    query: searchQuery,
    answer: searchAnswer,
  })
  async searchIds(@Input() { query: { q } }: Given<unknown, { q: string }>) {
    const { pool } = this.ports;
    const nowMs = this.ports.now().getTime();
    const clicksSince = new Date(nowMs - clickDays * dayMs);
    const own = readClickId(q, this.ports.secrets);
    const found = uuid.test(q)
      ? await Promise.all([
          searchUuid(pool, q.toLowerCase()),
          this.postback(q.toLowerCase()),
          this.texts(q, [q], clicksSince),
        ])
      : await Promise.all([
          this.click(own?.id ?? q, own?.atMs ?? null),
          this.texts(q, [...new Set([q, own?.id ?? q])], clicksSince),
        ]);
    const items = distinct(found.flat());
    const since = new Date(nowMs - refusedDays * dayMs);
    const searched: Searched[] = [
      { what: 'click', since: null },
      { what: 'transaction', since: null },
      { what: 'external', since: clicksSince },
      ...(uuid.test(q)
        ? (['conversion', 'delivery', 'postback', 'upload'] as const).map((what) => ({ what, since: null }))
        : []),
    ];
    if (items.length > 0) return { q, items, searched, nearest: [] };
    const inUrl = await searchRefusedCalls(pool, q, since);
    const nearest = inUrl.length > 0 ? inUrl : await newestRefusedCalls(pool);
    return { q, items, searched: [...searched, { what: 'refused' as const, since }], nearest };
  }

  /** What carries the text as a transaction id, a click id or a source's id. */
  private async texts(q: string, clickIds: readonly string[], since: Date): Promise<Found[]> {
    const { pool } = this.ports;
    const found = await Promise.all([
      searchConversions(pool, 'transaction_id', [q]),
      searchConversions(pool, 'click_id', clickIds),
      searchConversions(pool, 'external_id', [q]),
      searchClicks(pool, q, since),
      searchPostbacks(pool, 'transaction_id', [q]),
      searchPostbacks(pool, 'click_id', clickIds),
    ]);
    return found.flat();
  }

  private async click(clickId: string, atMs: number | null): Promise<Found[]> {
    const at = atMs ?? (await importedClickAt(this.ports.pool, clickId))?.getTime();
    if (at === undefined) return [];
    const filter = { clickId: only(clickId), clickedAt: [new Date(at)] };
    const { rows } = await listClicks(this.ports.pool, filter, { before: null, limit: 1 });
    return rows.map((row) => ({
      kind: 'click',
      id: row.clickId,
      title: [row.campaignKey, row.externalId].filter((each) => each !== null).join(' '),
      at: row.clickedAt,
    }));
  }

  private async postback(id: string): Promise<Found[]> {
    const { rows } = await listPostbacks(this.ports.pool, { id: only(id) }, { before: null, limit: 1 });
    return rows.map((row) => ({
      kind: 'postback',
      id: row.id,
      title: [row.networkKey, row.transactionId, row.state, row.refusal].filter((each) => each !== null).join(' '),
      at: row.receivedAt,
    }));
  }
}

/** Each thing once, in the order in which it was found. */
const distinct = (found: readonly Found[]): Found[] => [
  ...new Map(found.map((each) => [`${each.kind} ${each.id}`, each])).values(),
];
