import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { isVisit, queryOf } from '#domain';
import { sendProblem } from '#http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { campaignUnknown, catalogLoading, IngestEdge } from './edge.js';

/** `GET /c/:campaign`: the link that ads point to. */
@Controller('c')
export class ClickController {
  constructor(@Inject(IngestEdge) private readonly edge: IngestEdge) {}

  @Get(':campaign')
  follow(@Req() request: FastifyRequest<{ Params: { campaign: string } }>, @Res() reply: FastifyReply): void {
    const { headers, method, url = '' } = request.raw;
    const outcome = this.edge.pipeline.followClickLink({
      campaignKey: request.params.campaign,
      query: queryOf(url),
      channel: 'redirect',
      counts: isVisit({ method: method ?? 'GET', headers }),
      testProof: headers['carom-test'],
      address: this.edge.addressOf(request),
      userAgent: headers['user-agent'],
      referer: headers.referer,
      language: headers['accept-language'],
    });
    if (outcome.kind === 'redirect') {
      if (outcome.test) void reply.header('carom-click-id', outcome.clickId);
      void reply.code(302).header('location', outcome.location).header('cache-control', 'no-store').send();
    } else sendProblem(reply, outcome.kind === 'not_ready' ? catalogLoading : campaignUnknown);
  }
}
