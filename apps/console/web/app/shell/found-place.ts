import type { FoundItem } from '../../api/coming';

type Place = { to: string; search?: Record<string, string> };

/** The page that shows what was found. */
export const placeOfFound = ({ kind, id }: FoundItem): Place => {
  switch (kind) {
    case 'conversion':
      return { to: `/conversions/${id}` };
    case 'click':
      return { to: `/clicks/${id}` };
    case 'postback':
      return { to: '/log', search: { open: id } };
    case 'delivery':
      return { to: '/deliveries', search: { open: id } };
    case 'network':
    case 'source':
    case 'offer':
    case 'campaign':
      return { to: `/catalog/${kind}s/${id}` };
    case 'destination':
      return { to: `/destinations/${id}` };
    case 'job':
      return { to: '/jobs', search: { open: id } };
    default:
      return { to: '/log', search: { transactionId: id } };
  }
};
