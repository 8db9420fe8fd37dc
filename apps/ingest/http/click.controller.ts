import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { callerAddress, isVisit, queryOf } from '#domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ingestEdge, type IngestEdge } from './edge.js';
import { sendProblem } from './problem.js';

/** `GET /c/:campaign`: the link that ads point to. */
@Controller('c')
export class ClickController {
  constructor(@Inject(ingestEdge) private readonly edge: IngestEdge) {}

  @Get(':campaign')
  follow(@Req() request: FastifyRequest<{ Params: { campaign: string } }>, @Res() reply: FastifyReply): void {
    const { headers, method, url = '' } = request.raw;
    const { pipeline, trustedProxies } = this.edge;
    const address = callerAddress(request.raw.socket.remoteAddress ?? null, headers['x-forwarded-for'], trustedProxies);
    const outcome = pipeline.followClickLink({
      campaignKey: request.params.campaign,
      query: queryOf(url),
      channel: 'redirect',
      counts: isVisit({ method: method ?? 'GET', headers }),
      address,
      userAgent: headers['user-agent'],
      referer: headers.referer,
      language: headers['accept-language'],
    });
    if (outcome.kind === 'redirect') {
      void reply.code(302).header('location', outcome.location).header('cache-control', 'no-store').send();
    } else if (outcome.kind === 'not_ready')
      sendProblem(reply, 503, 'catalog_loading', 'The catalog is not loaded yet.');
    else sendProblem(reply, 404, 'campaign_unknown', 'There is no campaign at this address.');
  }
}
