import { z } from 'zod';

/** A destination in operation, as the API shows it. It belongs to a source or a campaign and is
 *  named by it. */

const moment = z.iso.datetime();

export const byKey = z.object({
  key: z.string().regex(/^(source|campaign):[a-z0-9][a-z0-9-]{0,62}$/, 'source:<key> or campaign:<key>'),
});

export const parseKey = (destinationKey: string): { kind: 'source' | 'campaign'; key: string } => {
  const [kind, key = ''] = destinationKey.split(':');
  return { kind: kind === 'campaign' ? 'campaign' : 'source', key };
};

export const destinationAnswer = z
  .object({
    destinationKey: z.string(),
    paused: z.boolean(),
    pausedBy: z.string().nullable(),
    waiting: z.int(),
    parked: z.int(),
    parkedFor: z.record(z.string(), z.int()),
    oldestAt: moment.nullable(),
    processes: z.array(
      z.object({
        breaker: z.enum(['closed', 'open', 'half-open']),
        since: moment.nullable(),
        probeAt: moment.nullable(),
        failingShare: z.number(),
        inFlight: z.int(),
        reportedAt: moment,
      }),
    ),
  })
  .meta({ id: 'Destination' });
