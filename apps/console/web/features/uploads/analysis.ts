import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { sendFile } from '../../api/send-file';
import { isStated, type Mapping } from '../../lib/report-file';

export type Analysis = Answer<'/api/v1/report-files/analyse', 'post'>;

/** More than the API looks at, so that a file of any size is looked at at once. */
const analysedBytes = 1024 * 1024;

/** What the file is, by its first part; asked again when the mapping is corrected. */
export const useAnalysis = (file: File | null, networkKey: string | null, mapping: Mapping) =>
  useQuery({
    queryKey: ['analysis', file?.name, file?.size, file?.lastModified, networkKey, mapping],
    queryFn: () =>
      sendFile<Analysis>('/api/v1/report-files/analyse', file?.slice(0, analysedBytes) ?? new Blob(), {
        ...(networkKey !== null && { networkKey }),
        ...(isStated(mapping) && { mapping: JSON.stringify(mapping) }),
      }),
    enabled: file !== null,
    // While a correction is looked at, what was found before stays on screen.
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
