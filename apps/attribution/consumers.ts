import { topics, type ClickRecordedV1, type PostbackReceivedV1 } from '#contracts';
import { done, skip, type Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { Controller, Inject } from '@nestjs/common';
import type { Attribution } from './composition.js';

export const attributionToken = 'attribution';

/** Which topic goes to which page. Two classes, because each can run in a process of its own. */
@Controller()
export class PostbackConsumer {
  constructor(@Inject(attributionToken) private readonly attribution: Attribution) {}

  @BatchPattern(topics.postbacks.name)
  async handle(batch: Batch<PostbackReceivedV1>): Promise<Verdict[]> {
    return this.attribution.attributePostbacks(batch.messages.map(({ value }) => value));
  }
}

@Controller()
export class ClickConsumer {
  constructor(@Inject(attributionToken) private readonly attribution: Attribution) {}

  @BatchPattern(topics.clicks.name)
  async handle(batch: Batch<ClickRecordedV1>): Promise<Verdict[]> {
    const clicks = batch.messages.map(({ value }) => value);
    const recorded = await this.attribution.recordClicks(clicks);
    return clicks.map(({ clickId }) => (recorded.delete(clickId) ? done : skip('recorded already')));
  }
}
