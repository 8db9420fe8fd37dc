import type { FastifyReply } from 'fastify';

/** Answers with a problem document of RFC 9457 and a stable code. 429 and 503 say when to try
 *  again. */
export const sendProblem = (reply: FastifyReply, status: number, code: string, detail: string): void => {
  if (status === 503 || status === 429) void reply.header('retry-after', status === 503 ? '5' : '60');
  void reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: detail, status, code }));
};
