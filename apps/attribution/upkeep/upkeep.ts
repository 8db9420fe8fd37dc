import {
  countOrphans,
  dropPartitionsBefore,
  ensurePartitions,
  findEndedHolds,
  findOverCap,
  isLockedByAnother,
  mergeRollups,
  offersOverCap,
  outboxAge,
  ratesChangedAt,
  readCapUse,
} from '#postgres';
import { messageOf } from '#runtime';
import { Inject, Injectable } from '@nestjs/common';
import { attributionPorts } from '../ledger/attribution-ports.js';
import type { Failing } from '../ledger/isolate-faults.js';
import { relayOutbox } from '../ledger/outbox.js';
import { Postbacks } from '../postbacks.js';
import { surroundingsToken, type Surroundings } from '../surroundings.js';
import { liftCaps, type CapPorts, type Walked } from './caps.js';
import { endHolds, type HoldPorts } from './holds.js';

/** Unique visitors are asked of today's clicks, and of yesterday's that an outage held up. */
const visitorDays = 3;

/** What has to be done again and again, beside the topics. Every chore is safe to run in several
 * processes at once, and to be stopped at any point. */
@Injectable()
export class Upkeep {
  private readonly ports;
  private readonly holds: HoldPorts;
  private readonly caps: CapPorts;
  private readonly walked: Walked = new Map();
  private readonly failing: Failing;

  constructor(
    @Inject(surroundingsToken) private readonly given: Surroundings,
    @Inject(Postbacks) private readonly postbacks: Postbacks,
  ) {
    const { pool, log, metrics } = given;
    this.ports = attributionPorts(given);
    this.failing = { log, failed: metrics.itemFailed };
    this.holds = { ...this.ports, endedHolds: (nowMs, page) => findEndedHolds(pool, nowMs, page) };
    this.caps = {
      ...this.ports,
      offersOverCap: () => offersOverCap(pool),
      overCap: (offerKey, page) => findOverCap(pool, offerKey, page),
      ratesChangedAt: () => ratesChangedAt(pool),
      capUse: (places) => readCapUse(pool, places),
    };
  }

  sweepOrphans(signal?: AbortSignal): Promise<number> {
    return this.postbacks.sweepOrphans(signal);
  }

  endHolds(signal?: AbortSignal): Promise<number> {
    return endHolds(this.holds, this.failing, signal);
  }

  liftCaps(signal?: AbortSignal): Promise<number> {
    return liftCaps(this.caps, this.walked, this.failing, signal);
  }

  relayOutbox(signal?: AbortSignal): Promise<number> {
    return relayOutbox(this.ports.outboxPorts, signal);
  }

  /** Adds appended figures up into their hours. Answers how many rows it merged. */
  async mergeRollups(signal?: AbortSignal): Promise<number> {
    const { merged, skipped } = await mergeRollups(this.given.pool, signal);
    this.given.metrics.rollupsSkipped(skipped);
    return merged;
  }

  async measure(): Promise<void> {
    const { pool, metrics, time } = this.given;
    const { waiting, oldestMs } = await countOrphans(pool, time.nowMs());
    metrics.orphansWaiting(waiting, oldestMs);
    metrics.outboxAge(await outboxAge(pool));
  }

  /** Makes the partitions of the next days, and drops those that are not kept. Where a long read is
   * in the way it leaves that to the next turn: the days are made ahead, and what finds no day goes
   * into the default partition and is moved later. */
  async keepPartitions(): Promise<void> {
    const { pool, log, config, time } = this.given;
    const nowMs = time.nowMs();
    try {
      await ensurePartitions(pool, nowMs);
    } catch (thrown) {
      if (!isLockedByAnother(thrown)) throw thrown;
      return log.warn({ event: 'partitions.in_use', error: messageOf(thrown) });
    }
    await dropPartitionsBefore(pool, 'visitors', nowMs, visitorDays);
    if (config.ATTRIBUTION_CLICK_DAYS > 0)
      await dropPartitionsBefore(pool, 'clicks', nowMs, config.ATTRIBUTION_CLICK_DAYS);
    if (config.ATTRIBUTION_POSTBACK_DAYS > 0)
      await dropPartitionsBefore(pool, 'postbacks', nowMs, config.ATTRIBUTION_POSTBACK_DAYS);
  }
}
