import { Controller, Get, Inject, Options, Post, Req, Res } from '@nestjs/common';
import { decodeText } from '#domain';
import { sendProblem, type ProblemContent } from '#http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { campaignUnknown, catalogLoading, IngestEdge } from './edge.js';
import { script } from './script.js';

/** A visit that a page or a server reports: the campaign, and the query of the page's address (or
 *  the same as an object). */
const directClick = z.strictObject({
  campaign: z.string().min(1).max(63),
  query: z.string().max(8_000).default(''),
  params: z.record(z.string().max(200), z.string().max(2_000)).default({}),
  referrer: z.string().max(2_000).optional(),
});

const clickUnreadable: ProblemContent = {
  status: 400,
  code: 'click_unreadable',
  detail: 'The body is not {"campaign": "...", "query": "..."}.',
};

const readClick = (body: Buffer | undefined): z.infer<typeof directClick> | null => {
  try {
    return directClick.parse(JSON.parse(decodeText(body ?? Buffer.alloc(0)).text));
  } catch {
    return null;
  }
};

/** "Direct" tracking: the visitor is on the page already, so there is no redirect, and the page
 *  gets the click id. Any page may ask, because the script runs on pages of other origins. */
@Controller()
export class DirectController {
  constructor(@Inject(IngestEdge) private readonly edge: IngestEdge) {}

  @Post('clicks')
  record(@Req() request: FastifyRequest<{ Body: Buffer | undefined }>, @Res() reply: FastifyReply): void {
    const { headers } = request.raw;
    void reply.header('access-control-allow-origin', '*');
    const click = readClick(request.body);
    if (!click) return sendProblem(reply, clickUnreadable);
    const params = new URLSearchParams(click.params).toString();
    const outcome = this.edge.pipeline.followClickLink({
      campaignKey: click.campaign,
      query: [click.query.replace(/^\?/, ''), params].filter((part) => part !== '').join('&'),
      channel: 'direct',
      counts: true,
      address: this.edge.addressOf(request),
      userAgent: headers['user-agent'],
      referer: click.referrer,
      language: headers['accept-language'],
    });
    if (outcome.kind === 'not_ready') return sendProblem(reply, catalogLoading);
    if (outcome.kind === 'unknown') return sendProblem(reply, campaignUnknown);
    void reply
      .code(201)
      .header('content-type', 'application/json')
      .send(JSON.stringify({ clickId: outcome.clickId, offerUrl: outcome.location }));
  }

  /** Browsers ask first when a page posts `application/json`. The script posts text, so they do
   *  not. */
  @Options('clicks')
  preflight(@Res() reply: FastifyReply): void {
    void reply
      .code(204)
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '86400')
      .send();
  }

  @Get('carom.js')
  script(@Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(script);
  }
}
