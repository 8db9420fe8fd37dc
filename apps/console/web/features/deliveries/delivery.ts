import type { Answer, Item } from '../../api/answers';
import { api } from '../../api/client';

export type DeliveryItem = Item<'/api/v1/deliveries'>;
export type Delivery = Answer<'/api/v1/deliveries/{id}'>;
export type Attempt = Delivery['attempts'][number];
export type Destination = Item<'/api/v1/destinations'>;

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
