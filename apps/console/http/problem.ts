import type { FieldError, ProblemContent } from '#http';
import type { z } from 'zod';
import type { ProblemCode, StatusOf } from './problem-codes.js';

/** Errors that a handler throws on purpose. `problem-filter.ts` writes them as problem documents.
 */

export class Problem<Code extends ProblemCode = ProblemCode> extends Error implements ProblemContent {
  constructor(
    readonly status: StatusOf<Code>,
    readonly code: Code,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

export const notFound = (kind: string, key: string): Problem =>
  new Problem(404, 'not_found', `there is no ${kind} "${key}"`);

/** A body can be wrong in a hundred thousand places; the answer names this many. */
const maxErrors = 100;
const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** 422 with one error per field.
 *  @param where the part of the request, when the fields do not make it plain. */
export const invalid = (errors: readonly FieldError[], where?: string): Problem => {
  const named = errors.slice(0, maxErrors).map((error) => ({ ...error, path: shortened(error.path) }));
  const more = errors.length > named.length ? `; and ${errors.length - named.length} more` : '';
  const text = named.map(({ path, message }) => `${path || '(whole)'} ${message}`).join('; ');
  return new Problem(422, 'invalid', `${where === undefined ? '' : `${where}: `}${text}${more}`, named);
};

/** zod's codes speak of types; these speak of a request. */
const codeOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'missing';
  if (issue.code === 'invalid_type') return 'wrong_type';
  if (issue.code === 'too_big') return 'too_large';
  if (issue.code === 'too_small') return 'too_small';
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') return 'not_allowed';
  return 'invalid';
};

/** One error per field. An unknown field is named itself, not the object that holds it. */
export const fieldErrorsOf = (error: z.ZodError): FieldError[] =>
  error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        message: 'there is no such field',
        code: 'unknown_field',
      }));
    const code = codeOf(issue);
    return [{ path: path.join('.'), message: code === 'missing' ? 'is required' : issue.message, code }];
  });
