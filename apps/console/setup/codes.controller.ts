import { readingProblems, refusals } from '#domain';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Operation } from '../http/operation.js';
import { fieldCodes, problemCodes } from '../http/problem-codes.js';

/** What the codes of Carom mean, in sentences that a page can show. */

const refusal = z
  .object({
    code: z.string(),
    stage: z.enum(['size', 'caller', 'form', 'later']),
    sentence: z.string(),
    remedy: z.string(),
    replayable: z.boolean(),
  })
  .meta({ id: 'Refusal' });
const refusalsAnswer = z.object({ items: z.array(refusal), next: z.null() });

const code = z
  .object({
    code: z.string(),
    scope: z.enum(['request', 'field', 'call']),
    status: z.int().nullable(),
    sentence: z.string(),
  })
  .meta({ id: 'ProblemCode' });
const codesAnswer = z.object({ items: z.array(code), next: z.null() });

const withoutStatus = (scope: 'field' | 'call', sentences: Readonly<Record<string, string>>) =>
  Object.entries(sentences).map(([name, sentence]) => ({ code: name, scope, status: null, sentence }));

const allCodes: z.infer<typeof codesAnswer> = {
  items: [
    ...Object.entries(problemCodes).map(([name, entry]) => ({ code: name, scope: 'request' as const, ...entry })),
    ...withoutStatus('field', fieldCodes),
    ...withoutStatus('call', readingProblems),
  ],
  next: null,
};

@Controller('api/v1')
export class CodesController {
  @Get('refusals')
  @Operation({
    summary: 'Lists every reason for which a call is refused, in order of precedence, with what to do about it.',
    role: 'viewer',
    answer: refusalsAnswer,
  })
  listRefusals(): z.infer<typeof refusalsAnswer> {
    const items = refusals.map(({ code, stage, sentence, remedy, replayable }) => ({
      code,
      stage,
      sentence,
      remedy,
      replayable,
    }));
    return { items, next: null };
  }

  @Get('problems')
  @Operation({
    summary:
      'Lists every other code with its sentence: why a request of this API fails (`request`), what is wrong with one of ' +
      'its fields (`field`), and what was noticed while a call was read (`call`).',
    role: 'viewer',
    answer: codesAnswer,
  })
  listProblems(): z.infer<typeof codesAnswer> {
    return allCodes;
  }
}
