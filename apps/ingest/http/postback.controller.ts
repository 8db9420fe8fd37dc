import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { refusalOf } from '#domain';
import { sendProblem } from '#http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../ports.js';
import { IngestEdge } from './edge.js';

export type PostbackRequest = FastifyRequest<{ Params: { token?: string; key?: string }; Body: Buffer | undefined }>;

const postbackRoutes = ['postback', 'postback/:token', 'click.php', 'aff_lsr', ':key/postback'];
export const isPostbackRoute = (route: string | undefined): boolean =>
  route !== undefined && postbackRoutes.includes(route.slice(1));

/** Where networks report: `GET|POST /postback`, `/postback/:token`, and the paths of other trackers
 *  (drop-in endpoints). */
@Controller()
export class PostbackController {
  constructor(@Inject(IngestEdge) private readonly edge: IngestEdge) {}

  @All(postbackRoutes)
  async take(@Req() request: PostbackRequest, @Res() reply: FastifyReply): Promise<void> {
    await takePostback(this.edge, request, reply);
  }
}

/** Hands a call to the pipeline and sends its answer. `tooLarge`: the body was over the limit and
 *  was not read. */
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
    return sendProblem(reply, { status: 405, code: 'method_not_allowed', detail: 'A postback is a GET or a POST.' });
  }
  const urlTooLong = url.length > edge.maxUrlBytes;
  const answer = await edge.pipeline.takePostback({
    method,
    target: url,
    headers,
    body: request.body ?? null,
    address: edge.addressOf(request),
    token: request.params.token ?? null,
    key: request.params.key ?? null,
    tooLarge: tooLarge || urlTooLong,
  });
  sendAnswer(reply, urlTooLong && answer.status === 413 ? { ...answer, status: 414 } : answer);
};

const tooManyCalls =
  'Too many calls without proof came from this address, and this one was not kept. Use the Postback URL of the network.';

const sendAnswer = (reply: FastifyReply, answer: Answer): void => {
  if (answer.postbackId !== null) void reply.header('carom-postback-id', answer.postbackId);
  if (answer.body !== null) {
    void reply.code(answer.status).header('content-type', 'text/plain; charset=utf-8').send(answer.body);
    return;
  }
  const { status } = answer;
  if (status === 503)
    return sendProblem(reply, { status, code: 'not_durable', detail: 'The call could not be stored. Send it again.' });
  if (status === 429) return sendProblem(reply, { status, code: 'too_many_calls', detail: tooManyCalls });
  const code = answer.refusal ?? 'refused';
  sendProblem(reply, { status, code, detail: refusalOf(code)?.sentence ?? 'The call was refused.' });
};
