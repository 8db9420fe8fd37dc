import type { Problem } from './problem';

/** Sends a file itself as the body of a call: it is streamed, whatever its size. @throws Problem */
export const sendFile = async <Result>(
  path: string,
  file: Blob,
  query: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Result> => {
  const answer = await fetch(`${path}?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'x-carom-csrf': '1', ...headers },
    body: file,
  });
  const body = (await answer.json()) as Result | Problem;
  if (!answer.ok) throw body as Problem;
  return body as Result;
};
