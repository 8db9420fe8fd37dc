import { chosenTokens, topics, type ClickRecordedV1, type ReportTokens } from '#contracts';
import { done, RollupSum, skip, type RollupDelta, type Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { appendRollups, inTransaction, recordClicks as insertClicks, recordImportedClicks } from '#postgres';
import { failPoint } from '#runtime';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { recordClicks } from './click.pipeline.js';
import { reportTokensOf } from './ledger/attribution-ports.js';
import { cachedForm } from './ledger/find-clicks.js';
import type { ClickPorts } from './ledger/ports.js';
import { Postbacks } from './postbacks.js';
import { surroundingsToken, type Surroundings } from './surroundings.js';

/** Recording of clicks. */
@Injectable()
export class Clicks {
  private readonly ports: ClickPorts;

  constructor(
    @Inject(surroundingsToken) private readonly given: Surroundings,
    @Inject(Postbacks) postbacks: Postbacks,
  ) {
    const { cache } = given;
    this.ports = {
      clicks: {
        record: (clicks) => this.insert(clicks),
        cache: (clicks) => cache?.write(clicks.map((click) => ({ clickId: click.clickId, value: cachedForm(click) }))),
      },
      releaseFor: (clickIds) => postbacks.releaseFor({ clickIds, transactionIds: [] }),
    };
  }

  /** Answers the ids that are new. */
  record(clicks: readonly ClickRecordedV1[]): Promise<Set<string>> {
    return recordClicks(this.ports, clicks);
  }

  private insert(clicks: readonly ClickRecordedV1[]): Promise<Set<string>> {
    const { pool, catalog, time } = this.given;
    return inTransaction(pool, async (client) => {
      await recordImportedClicks(
        client,
        clicks.filter(({ channel }) => channel === 'import'),
      );
      const made = await insertClicks(client, clicks);
      await appendRollups(client, rollupsOf(clicks, made, reportTokensOf(catalog)), time.nowMs());
      await failPoint('attribution.clicks.before-commit');
      return made.recorded;
    });
  }
}

/** What newly recorded clicks count. A click with a flag (a prefetch, a bot) is kept out of
 * reports; one that was there already counts once. */
const rollupsOf = (
  clicks: readonly ClickRecordedV1[],
  { recorded, unique }: { recorded: ReadonlySet<string>; unique: ReadonlySet<string> },
  reportTokens: ReportTokens,
): RollupDelta[] => {
  const sum = new RollupSum();
  const counted = new Set<string>();
  for (const click of clicks) {
    if (!recorded.has(click.clickId) || counted.has(click.clickId) || click.flags.length > 0) continue;
    counted.add(click.clickId);
    sum.addClick({
      ...click,
      unique: unique.has(click.clickId),
      reportTokens: chosenTokens(click.tokens, reportTokens(click.campaignKey)),
    });
  }
  return sum.list();
};

@Controller()
export class ClickConsumer {
  constructor(@Inject(Clicks) private readonly clicks: Clicks) {}

  @BatchPattern(topics.clicks.name)
  async handle(batch: Batch<ClickRecordedV1>): Promise<Verdict[]> {
    const clicks = batch.messages.map(({ value }) => value);
    const recorded = await this.clicks.record(clicks);
    return clicks.map(({ clickId }) => (recorded.delete(clickId) ? done : skip('recorded already')));
  }
}
