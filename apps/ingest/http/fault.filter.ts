import { Catch, HttpException, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IngestEdge } from './edge.js';
import { isPostbackRoute, takePostback, type PostbackRequest } from './postback.controller.js';
import { sendProblem } from './problem.js';

const statusOf = (thrown: unknown): number => {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const stated = (thrown as { statusCode?: unknown }).statusCode;
  return typeof stated === 'number' ? stated : 500;
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
    if (status === 404)
      return sendProblem(
        reply,
        404,
        'not_found',
        'There is nothing at this address. Postbacks go to /postback, clicks to /c/<campaign>.',
      );
    if (status >= 500)
      return sendProblem(reply, status, 'fault', 'An internal error. The call was not stored; send it again.');
    sendProblem(reply, status, 'request_unreadable', thrown instanceof Error ? thrown.message : 'Unreadable.');
  }
}
