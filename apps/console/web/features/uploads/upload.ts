import { useMutation } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { client } from '../../api/client';
import { problemOf } from '../../api/problem';
import { sendFile } from '../../api/send-file';
import { isStated, type Mapping } from '../../lib/report-file';

type Upload = Answer<'/api/v1/conversions/upload', 'post'>;
/** A row as the API answers it; what a row says depends on its outcome. */
export type UploadRow = Upload['rows'][number] & {
  code?: string;
  detail?: string;
  read?: Record<string, string | null>;
  conversion?: { id: string; state: string } | null;
};
/** The result of a job; a job names the rows that need a look, and some of the others. */
export type UploadResult = Omit<Upload, 'rows'> & { rows: UploadRow[]; rowsNotNamed?: number };

type UploadOptions = { networkKey: string | null; mapping: Mapping; dispatch: boolean; dryRun: boolean };

/** Hands a file over as a job and answers the job's id, so that its progress can be watched and
 * the page be closed. */
const submit = async (file: File, { networkKey, mapping, dispatch, dryRun }: UploadOptions): Promise<string> => {
  const query = {
    ...(networkKey !== null && { networkKey }),
    ...(isStated(mapping) && { mapping: JSON.stringify(mapping) }),
    dispatch: String(dispatch),
    dryRun: String(dryRun),
  };
  const { job } = await sendFile<{ job: { id: string } }>('/api/v1/conversions/upload', file, query, {
    prefer: 'respond-async',
  });
  return job.id;
};

export const useSubmit = (submitted: (jobId: string) => void) =>
  useMutation({
    mutationFn: ({ file, ...options }: UploadOptions & { file: File }) => submit(file, options),
    onSuccess: submitted,
  });

export const useCancel = () =>
  useMutation({
    mutationFn: async (id: string) => {
      const { error } = await client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } } });
      if (error) throw problemOf(error);
    },
  });
