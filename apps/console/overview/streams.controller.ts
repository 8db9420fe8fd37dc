import {
  deliveriesChangedSince,
  letsDelivery,
  letsPostback,
  postbacksDecidedSince,
  type DeliveryFilter,
  type DeliverySummary,
  type PostbackFilter,
  type PostbackSummary,
} from '#postgres';
import { Controller, Get, Inject, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { deliveryFilters, showDeliverySummary } from '../deliveries/delivery-answer.js';
import { maskVisitors } from '../access/visitor-mask.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { postbackFilters, showPostbackSummary } from '../log/postback-answer.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Feed, placeOfEvent, type Row } from './feed.js';

/** Calls and deliveries as they are decided, as server-sent events with the same filters as
 *  their lists. */

const { text: _text, ...streamedPostbackFilters } = postbackFilters;
const resume = { lastEventId: z.string().max(100).optional() };
const postbackQuery = z.strictObject({ ...streamedPostbackFilters, ...resume });
const deliveryQuery = z.strictObject({ ...deliveryFilters, ...resume });

type StreamOptions<Filter> = { given: Given; lastEventId: string | undefined; filter: Filter };

/** Proxies must neither keep events back nor change them. */
const open = (reply: FastifyReply): void => {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  });
};

@Controller('api/v1')
export class StreamsController implements OnModuleDestroy {
  private readonly postbackFeed: Feed<PostbackFilter, PostbackSummary & Row>;
  private readonly deliveryFeed: Feed<DeliveryFilter, DeliverySummary & Row>;

  constructor(@Inject(consolePorts) { pool, log }: Pick<ConsolePorts, 'pool' | 'log'>) {
    const common = { everything: {}, log };
    this.postbackFeed = new Feed({
      ...common,
      event: 'postback',
      read: (filter, after, limit) => postbacksDecidedSince(pool, filter, after, limit),
      lets: letsPostback,
      // One text goes to all readers, so it must not show what viewers may not see.
      show: (row: PostbackSummary & Row) => maskVisitors(showPostbackSummary(row)) as object,
    });
    this.deliveryFeed = new Feed({
      ...common,
      event: 'delivery',
      read: (filter, after, limit) => deliveriesChangedSince(pool, filter, after, limit),
      lets: letsDelivery,
      show: showDeliverySummary,
    });
  }

  @Get('postbacks/stream')
  @Operation({
    summary:
      'Streams calls as they are decided, as server-sent events named `postback`, with the filters of the list. ' +
      '`Last-Event-ID` (or `lastEventId`) resumes; `dropped` ends a reader that is too slow.',
    role: 'viewer',
    query: postbackQuery,
    isStream: true,
    errors: ['event_id_invalid', 'too_many_readers'],
  })
  async streamPostbacks(@Input() given: Given<unknown, z.infer<typeof postbackQuery>>): Promise<void> {
    const { lastEventId, ...filter } = given.query;
    await this.stream(this.postbackFeed, { given, lastEventId, filter });
  }

  @Get('deliveries/stream')
  @Operation({
    summary:
      'Streams deliveries as they are made and finished, as server-sent events named `delivery`, with the filters of the list. ' +
      '`Last-Event-ID` (or `lastEventId`) resumes; `dropped` ends a reader that is too slow.',
    role: 'viewer',
    query: deliveryQuery,
    isStream: true,
    errors: ['event_id_invalid', 'too_many_readers'],
  })
  async streamDeliveries(@Input() given: Given<unknown, z.infer<typeof deliveryQuery>>): Promise<void> {
    const { lastEventId, ...filter } = given.query;
    await this.stream(this.deliveryFeed, { given, lastEventId, filter });
  }

  /** Before the server closes: it waits for open answers. */
  onModuleDestroy(): void {
    this.postbackFeed.close();
    this.deliveryFeed.close();
  }

  private async stream<Filter, Item extends Row>(
    feed: Feed<Filter, Item>,
    options: StreamOptions<Filter>,
  ): Promise<void> {
    const { given, lastEventId, filter } = options;
    const header = given.request.headers['last-event-id'];
    const asked = typeof header === 'string' && header !== '' ? header : lastEventId;
    const since = placeOfEvent(asked);
    if (asked !== undefined && since === null)
      throw new Problem(422, 'event_id_invalid', 'Last-Event-ID must be the id of an event of this stream');
    if (feed.isFull) throw new Problem(503, 'too_many_readers', 'too many readers follow this stream: try again later');
    open(given.reply);
    await feed.add(given.reply.raw, filter, since);
  }
}
