import { Catch, HttpException, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { sendProblem, type ProblemContent } from '#http';
import type { FastifyReply } from 'fastify';
import { IngestEdge } from './edge.js';
import { isPostbackRoute, takePostback, type PostbackRequest } from './postback.controller.js';

const statusOf = (thrown: unknown): number => {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const stated = (thrown as { statusCode?: unknown }).statusCode;
  return typeof stated === 'number' ? stated : 500;
};

const problemOf = (status: number, thrown: unknown): ProblemContent => {
  if (status === 404) {
    const detail = 'There is nothing at this address. Postbacks go to /postback, clicks to /c/<campaign>.';
    return { status, code: 'not_found', detail };
  }
  if (status >= 500) return { status, code: 'fault', detail: 'An internal error. Send the call again.' };
  return { status, code: 'request_unreadable', detail: thrown instanceof Error ? thrown.message : 'Unreadable.' };
};

/** What no controller answered. A postback whose body is over the limit never reaches its
 *  controller, but is recorded all the same. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  private readonly logger = new Logger(FaultFilter.name);

  constructor(@Inject(IngestEdge) private readonly edge: IngestEdge) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<PostbackRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const status = statusOf(thrown);
    if (status >= 500) this.logger.error(thrown);
    if (status === 413 && isPostbackRoute(request.routeOptions.url))
      return takePostback(this.edge, request, reply, true);
    sendProblem(reply, problemOf(status, thrown));
  }
}
