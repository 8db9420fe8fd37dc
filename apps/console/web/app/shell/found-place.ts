import type { Answer } from '../../api/answers';

export type Found = Answer<'/api/v1/search'>;
export type FoundItem = Found['items'][number];

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
    case 'upload':
      return { to: '/log', search: { uploadId: id } };
  }
};
