/** The problem of a refused or failed call (RFC 9457), and of any other error on the page. */

type FieldError = { path: string; message: string; code: string };
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: FieldError[];
};

const isProblem = (thrown: unknown): thrown is Problem =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'status' in thrown && 'title' in thrown;

/** Whatever was thrown, as a problem; a request that got no answer has status 0. */
export const problemOf = (thrown: unknown): Problem => {
  if (isProblem(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { type: 'about:blank', title: 'No answer', status: 0, code: 'no_answer', detail };
};

/** Trying again can help: no answer, or a failure of the server that may pass. */
export const isTransient = (problem: Problem): boolean => problem.status === 0 || problem.status >= 502;
