import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { callerAddress, refusalOf } from '#domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ingestEdge, type IngestEdge } from './edge.js';
import type { Answer } from '../ingest.pipeline.js';
import { sendProblem } from './problem.js';

export type PostbackRequest = FastifyRequest<{ Params: { token?: string; key?: string }; Body: Buffer | undefined }>;

const postbackRoutes = ['postback', 'postback/:token', 'click.php', 'aff_lsr', ':key/postback'];
export const isPostbackRoute = (route: string | undefined): boolean =>
  route !== undefined && postbackRoutes.includes(route.slice(1));

/** Where networks report: `GET|POST /postback`, `/postback/:token`, and the paths of other trackers (drop-in endpoints). */
@Controller()
export class PostbackController {
  constructor(@Inject(ingestEdge) private readonly edge: IngestEdge) {}

  @All(postbackRoutes)
  async take(@Req() request: PostbackRequest, @Res() reply: FastifyReply): Promise<void> {
    await takePostback(this.edge, request, reply);
  }
}

/** Hands a call to the pipeline and tells the caller what it answered. `tooLarge`: its body was over the limit and was not read. */
export const takePostback = async (
  edge: IngestEdge,
  request: PostbackRequest,
  reply: FastifyReply,
  tooLarge = false,
): Promise<void> => {
  const { headers, method = 'GET' } = request.raw;
  const url = request.originalUrl;
  if (method !== 'GET' && method !== 'POST') {
    void reply.header('allow', 'GET, POST');
    return sendProblem(reply, 405, 'method_not_allowed', 'A postback is a GET or a POST.');
  }
  const urlTooLong = url.length > edge.mostUrlBytes;
  const answer = await edge.pipeline.takePostback({
    method,
    target: url,
    headers,
    body: request.body ?? null,
    address: callerAddress(request.raw.socket.remoteAddress ?? null, headers['x-forwarded-for'], edge.trustedProxies),
    token: request.params.token ?? null,
    key: request.params.key ?? null,
    tooLarge: tooLarge || urlTooLong,
  });
  sendAnswer(reply, urlTooLong && answer.status === 413 ? { ...answer, status: 414 } : answer);
};

const sendAnswer = (reply: FastifyReply, answer: Answer): void => {
  if (answer.postbackId !== null) void reply.header('carom-postback-id', answer.postbackId);
  if (answer.body !== null) {
    void reply.code(answer.status).header('content-type', 'text/plain; charset=utf-8').send(answer.body);
    return;
  }
  if (answer.status === 503)
    return sendProblem(reply, 503, 'not_durable', 'The call could not be kept. Send it again.');
  const code = answer.refusal ?? 'refused';
  sendProblem(reply, answer.status, code, refusalOf(code)?.sentence ?? 'The call was refused.');
};
