import { takeCode } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { signInLimit } from '../http/rate-limit.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { audited } from './audit.js';
import { openSession } from './session.js';
import { hashOf } from './token.js';

const byCode = z.object({ code: z.string().max(100) });

/** The link that `npm start` prints. It works in a browser without any script: it sets the cookie
 *  and leads to the page. A page of another site cannot use it to sign a visitor in as someone
 *  else. */
@Controller('sign-in')
export class SignInLinkController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'consoleUrl' | 'now'>) {}

  @Get(':code')
  @RouteConfig(signInLimit)
  @Operation({
    summary: 'Opens the page signed in, by a link that works once.',
    role: 'none',
    params: byCode,
    status: 303,
  })
  async follow(@Input() { params: { code }, request, reply }: Given<{ code: string }>): Promise<void> {
    const { dataSource, consoleUrl, now } = this.ports;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'none' && site !== 'same-origin')
      throw new Problem(403, 'origin_foreign', 'open this link from the terminal or the address bar');
    const taken = await dataSource.transaction((manager) => takeCode(manager, hashOf(code), ['sign_in']));
    if (taken) {
      const who = { userId: taken.userId, tokenId: taken.tokenId };
      await audited(dataSource, who, (change) => openSession(change, who, { request, reply, consoleUrl, now: now() }));
    }
    void reply.header('location', taken ? '/' : '/sign-in?ended=1');
  }
}
