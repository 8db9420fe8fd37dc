import { topics, type PostbackReceivedV1 } from '#contracts';
import type { Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { claimDueOrphans, findOrphans, readPostbackMessages, wakeOrphans, wakeOrphansSetAhead } from '#postgres';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { attributionPorts } from './ledger/attribution-ports.js';
import { attributeOrLog, attributeWaiting } from './ledger/isolate-faults.js';
import type { AttributionPorts, WaitingById } from './ledger/ports.js';
import { surroundingsToken, type Surroundings } from './surroundings.js';
import { orphanSchedule } from './ledger/orphan-schedule.js';
import { releaseFor, sweepOrphans, type OrphanPorts } from './upkeep/orphans.js';
import type { Attributed } from './postback.pipeline.js';

/** Attribution of postbacks, and of those that wait. */
/** A clock that is corrected gradually, and the two readings, differ by less between two sweeps. */
const clockNoiseMs = 500;

@Injectable()
export class Postbacks {
  private readonly ports: AttributionPorts;
  private readonly orphans: OrphanPorts;
  /** How far the wall clock was ahead of the monotonic one at the last sweep. */
  private clockAheadMs = Number.POSITIVE_INFINITY;

  constructor(@Inject(surroundingsToken) private readonly given: Surroundings) {
    const { pool, time } = given;
    this.ports = attributionPorts(given);
    this.orphans = {
      orphans: {
        waitingFor: (wanted, page) => findOrphans(pool, wanted, page),
        wake: (wanted) => wakeOrphans(pool, wanted, time.nowMs()),
        claimDue: (limit) => claimDueOrphans(pool, { nowMs: time.nowMs(), limit, schedule: orphanSchedule }),
        messages: (waiting) => readPostbackMessages(pool, waiting),
      },
      attribute: (messages, waiting) => this.attributeWaiting(messages, waiting),
    };
  }

  /** Kafka hands over what one fetch brought, which may be thousands; a transaction holds its locks
   * for all of its batch, so it is done in pieces. */
  async attribute(messages: readonly PostbackReceivedV1[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    const size = this.given.config.ATTRIBUTION_BATCH_RECORDS;
    for (let start = 0; start < messages.length; start += size) {
      const result = await this.measured(() => attributeOrLog(this.ports, messages.slice(start, start + size)));
      verdicts.push(...result.verdicts);
      await this.releaseFor({ clickIds: [], transactionIds: result.newTransactionIds });
    }
    return verdicts;
  }

  /** Looks again at the orphans that wait for these. */
  async releaseFor(wanted: { clickIds: readonly string[]; transactionIds: readonly string[] }): Promise<void> {
    const released = await releaseFor(this.orphans, wanted);
    if (released > 0) this.given.metrics.orphansEnded(released);
  }

  /** Looks at the orphans whose look is due. Answers how many came to an end. */
  async sweepOrphans(signal?: AbortSignal): Promise<number> {
    await this.wakeAfterStepBack();
    const ended = await sweepOrphans(this.orphans, signal);
    this.given.metrics.orphansEnded(ended);
    if (ended > 0) this.given.log.info({ event: 'orphans.swept', ended });
    return ended;
  }

  /** Looks are stored as wall time. After a step back of the clock, by an hour say, they would come
   * an hour late, and at a start it is not known whether there was one. */
  private async wakeAfterStepBack(): Promise<void> {
    const { pool, time, log } = this.given;
    const nowMs = time.nowMs();
    const aheadMs = nowMs - time.monotonicMs();
    if (aheadMs < this.clockAheadMs - clockNoiseMs) {
      const woken = await wakeOrphansSetAhead(pool, { nowMs, schedule: orphanSchedule });
      if (woken > 0) log.warn({ event: 'orphans.clock_stepped_back', woken });
    }
    this.clockAheadMs = aheadMs;
  }

  private attributeWaiting(messages: readonly PostbackReceivedV1[], waiting: WaitingById): Promise<Attributed> {
    const { log, metrics } = this.given;
    return this.measured(() => attributeWaiting(this.ports, messages, waiting, { log, failed: metrics.itemFailed }));
  }

  private async measured(work: () => Promise<Attributed>): Promise<Attributed> {
    const stop = this.given.metrics.batch();
    const result = await work();
    stop();
    this.given.metrics.decided(result.decided);
    return result;
  }
}

/** A class of its own per topic: each can run in a process of its own. */
@Controller()
export class PostbackConsumer {
  constructor(@Inject(Postbacks) private readonly postbacks: Postbacks) {}

  @BatchPattern(topics.postbacks.name)
  handle(batch: Batch<PostbackReceivedV1>): Promise<Verdict[]> {
    return this.postbacks.attribute(batch.messages.map(({ value }) => value));
  }
}
