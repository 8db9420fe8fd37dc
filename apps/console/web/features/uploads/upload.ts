import { useState } from 'react';
import type { Problem } from '../../api/problem';
import { problemOf } from '../../api/problem';

export type UploadRow = {
  row: number;
  outcome: 'accepted' | 'refused' | 'failed';
  code?: string;
  detail?: string;
  read?: Record<string, string | null>;
  conversion?: { id: string; state: string } | null;
};
export type Upload = {
  uploadId: string;
  dryRun: boolean;
  rows: UploadRow[];
  counts: { rows: number; accepted: number; refused: number; failed: number };
  complete: boolean;
  problem?: { code: string; detail: string };
};
type Options = { networkKey: string | null; dispatch: boolean; dryRun: boolean };

/** Sends the file itself as the body: it is streamed, whatever its size. */
const post = async (file: File, { networkKey, dispatch, dryRun }: Options): Promise<Upload> => {
  const query = new URLSearchParams({
    ...(networkKey !== null && { networkKey }),
    dispatch: String(dispatch),
    dryRun: String(dryRun),
  });
  const answer = await fetch(`/api/v1/conversions/upload?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'x-carom-csrf': '1' },
    body: file,
  });
  const body = (await answer.json()) as Upload | Problem;
  if (!answer.ok) throw body;
  return body as Upload;
};

export const useUpload = () => {
  const [upload, setUpload] = useState<Upload | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (file: File, options: Options): Promise<void> => {
    setBusy(true);
    try {
      setUpload(await post(file, options));
      setError(null);
    } catch (thrown) {
      setError(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { upload, error, isBusy, send, forget: () => setUpload(null) };
};
