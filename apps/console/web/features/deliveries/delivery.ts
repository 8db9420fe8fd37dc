import { api } from '../../api/client';
import type { Attempt } from './attempts';

export type DeliveryItem = {
  id: string;
  conversionId: string;
  destinationKey: string;
  cause: string;
  state: string;
  reason: string | null;
  dueAt: string;
  createdAt: string;
  finishedAt: string | null;
  replays: number;
  attemptCount?: number;
  lastAttempt?: { status: number | null } | null;
  externalId?: string | null;
  attempts?: Attempt[];
};

export type Destination = {
  destinationKey: string;
  paused: boolean;
  pausedBy: string | null;
  waiting: number;
  parked: number;
  parkedFor: Record<string, number>;
  oldestAt: string | null;
  processes: { breaker: string; probeAt: string | null; failingShare: number; inFlight: number }[];
};

export const deliveryStates = ['waiting', 'delivered', 'parked', 'superseded'];

export const deliveryFilterNames = [
  'state',
  'destinationKey',
  'reason',
  'cause',
  'conversionId',
  'campaignKey',
  'sourceKey',
  'networkKey',
  'clickId',
  'transactionId',
  'externalId',
  'status',
] as const;

/** Polled, because users watch a backlog shrink here. */
export const useDestinations = () => api.useQuery('get', '/api/v1/destinations', {}, { refetchInterval: 5_000 });

/** What a person needs to know of a destination, in one word. */
export const healthOf = ({
  paused,
  processes,
}: Pick<Destination, 'paused' | 'processes'>): 'ok' | 'failing' | 'paused' => {
  if (paused) return 'paused';
  return processes.some(({ breaker }) => breaker !== 'closed') ? 'failing' : 'ok';
};
export const healthTones = { ok: 'good', failing: 'bad', paused: 'wait' } as const;
