import { deliveriesToReplay, replayDeliveries, type ReplayResult } from '#postgres';
import { z } from 'zod';
import { audited, type AuditActor } from '../access/audit.js';
import type { JobKind } from '../jobs/job.js';
import type { ConsolePorts } from '../ports.js';
import { deliveryFilters, deliveryStates } from './delivery-answer.js';

/** Sends deliveries again: at once for up to 100,000, or as a job for any number. */

export const replayBody = z.strictObject({
  /** As in the list of deliveries; more ids than a text of those holds are `ids`. */
  filter: z
    .strictObject({
      ids: z.array(z.uuid()).min(1).max(10_000).optional(),
      conversionIds: z.array(z.uuid()).min(1).max(10_000).optional(),
      states: z.array(z.enum(deliveryStates)).min(1).optional(),
      ...deliveryFilters,
    })
    .refine((filter) => Object.keys(filter).length > 0, 'name at least one filter: a replay of everything is refused'),
  /** Sends also what the destination has accepted. */
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});
export type ReplayBody = z.infer<typeof replayBody>;
export const replayAnswer = z.object({
  dryRun: z.boolean(),
  matched: z.int(),
  replayed: z.int(),
  delivered: z.int(),
  overtaken: z.int(),
  open: z.int(),
  sample: z.array(z.uuid()),
});
export type ReplayAnswer = z.infer<typeof replayAnswer>;

type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'now'>;

export const replayAtOnce = async (
  { pool, dataSource }: Ports,
  actor: AuditActor,
  { filter, force, dryRun }: ReplayBody,
): Promise<ReplayAnswer> => {
  if (dryRun) return { dryRun, ...(await replayDeliveries(pool, filter, { force, dryRun })) };
  return audited(dataSource, actor, async ({ db, audit }) => {
    const result = await replayDeliveries(db, filter, { force, dryRun });
    await audit({ action: 'replayed', kind: 'delivery', key: '', after: { filter, force, ...result } });
    return { dryRun, ...result };
  });
};

const pageRows = 1_000;
const sampleSize = 20;

/** Where a job is: the deliveries made before `until` are its own, those up to `after` are done. */
type Checkpoint = { until: string; after: { at: string; id: string } | null; done: ReplayResult };
const nothing: ReplayResult = { matched: 0, replayed: 0, delivered: 0, overtaken: 0, open: 0, sample: [] };

const sum = (a: ReplayResult, b: ReplayResult): ReplayResult => ({
  matched: a.matched + b.matched,
  replayed: a.replayed + b.replayed,
  delivered: a.delivered + b.delivered,
  overtaken: a.overtaken + b.overtaken,
  open: a.open + b.open,
  sample: [...a.sample, ...b.sample].slice(0, sampleSize),
});

/** The same as a job, oldest first, a page per step. A page that a crash repeats is `open` the
 *  second time, because it waits to be sent. */
export const deliveryReplayJob: JobKind = async (ports, { params, actor, checkpoint, save }) => {
  const { filter, force, dryRun } = replayBody.parse(params);
  const from = checkpoint as Checkpoint | null;
  const until = from?.until ?? ports.now().toISOString();
  const to = new Date(Math.min(Date.parse(until), filter.to?.getTime() ?? Infinity));
  let { after = null, done = nothing } = from ?? {};
  for (;;) {
    const { rows, stoppedAt } = await deliveriesToReplay(
      ports.pool,
      { ...filter, to },
      { before: after, limit: pageRows },
    );
    const last = stoppedAt ?? rows.at(-1);
    if (!last) break;
    const result =
      rows.length === 0
        ? nothing
        : await replayDeliveries(ports.pool, { ids: rows.map(({ id }) => id) }, { force, dryRun });
    done = sum(done, result);
    after = { at: last.at, id: last.id };
    const reached: Checkpoint = { until, after, done };
    await save({ done: done.matched, total: null, checkpoint: reached });
  }
  if (!dryRun)
    await audited(ports.dataSource, actor, ({ audit }) =>
      audit({ action: 'replayed', kind: 'delivery', key: '', after: { filter, force, ...done } }),
    );
  return { dryRun, ...done };
};
