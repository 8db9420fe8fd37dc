import type { ProblemCode } from './reading-problem.js';

/** What reading a call collects: its parameters in order, and the problems it met. */

export type Parameter = {
  /** As sent, decoded, with damage by HTML entities repaired. */
  name: string;
  value: string;
  /** As sent: still percent-encoded, or the literal text of a JSON value. */
  raw: string;
  /** Whether it is a JSON number, whose point is a decimal point whatever the network writes
   *  elsewhere. */
  isJsonNumber: boolean;
};

export type ReadingProblem = { code: ProblemCode; param: string | null };

export type Parameters = {
  list: Parameter[];
  problems: ReadingProblem[];
  /** How many of the list came from the query; the rest came from the body. */
  fromQuery: number;
};

/** A call has a handful of parameters; the limit keeps a hostile one from costing more than its
 *  bytes. */
export const maxParameters = 500;
/** Problems of one code; the first ones say what is wrong. */
const maxOfOneCode = 5;

export const noParameters = (): Parameters => ({ list: [], problems: [], fromQuery: 0 });

/** Notes a problem once per code and parameter. A call of any width has at most a few problems of
 *  each code. */
export const addProblem = (problems: ReadingProblem[], code: ProblemCode, param: string | null): void => {
  let sameCode = 0;
  for (const known of problems) {
    if (known.code !== code) continue;
    if (known.param === param) return;
    sameCode += 1;
  }
  if (sameCode < maxOfOneCode) problems.push({ code, param });
};

/** Whether no further parameter is taken. The first time it notes the problem. */
export const isFull = (into: Parameters): boolean => {
  if (into.list.length < maxParameters) return false;
  addProblem(into.problems, 'too_many_parameters', null);
  return true;
};
