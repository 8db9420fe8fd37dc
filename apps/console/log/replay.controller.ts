import { Controller, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import type { JobKind } from '../jobs/job.js';
import { submitJob, wantsJob, acceptedAnswer } from '../jobs/submit.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { replayAnswer, replayBody, replayPostbacks, type ReplayAnswer, type ReplayBody } from './replay-run.js';

@Controller('api/v1/postbacks')
export class ReplayController {
  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'produce' | 'secrets' | 'now'>,
  ) {}

  @Post('replay')
  @Operation({
    summary:
      'Reads stored calls again with the settings of today, newest first, and puts them back on their topic. ' +
      'Calls without proof are left alone unless `filter.refusal` names theirs. ' +
      'With dryRun it says what would read differently, and which conversions and money would move. ' +
      'Where `next` is not null, more is left: pass it as `cursor`. ' +
      'With `Prefer: respond-async` it is a job, and answers 202.',
    role: 'editor',
    body: replayBody,
    answer: replayAnswer,
    isJob: acceptedAnswer,
    errors: ['not_found', 'cursor_invalid', 'too_many_jobs'],
  })
  replay(@Input() given: Given<unknown, unknown, ReplayBody>): Promise<ReplayAnswer | z.infer<typeof acceptedAnswer>> {
    if (wantsJob(given)) return submitJob(this.ports, given, { kind: 'postbacks.replay', params: rawBodyOf(given) });
    return replayPostbacks(this.ports, given, { from: null, save: () => Promise.resolve() });
  }
}

/** The body as received: a parsed filter holds dates and choices, which are not JSON. */
const rawBodyOf = ({ request }: Given): object => request.body as object;

/** The same as a job. It continues after the last checkpoint. */
export const replayJob: JobKind = (ports, { params, actor, checkpoint, save }) => {
  const body = replayBody.parse(params);
  return replayPostbacks(
    ports,
    { actor, body },
    {
      from: checkpoint as ReplayAnswer | null,
      save: (progress) => save({ done: progress.matched, total: null, checkpoint: body.dryRun ? null : progress }),
    },
  );
};
