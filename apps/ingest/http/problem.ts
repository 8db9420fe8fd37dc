import type { FastifyReply } from 'fastify';

/** An RFC 9457 problem document with a stable code. 503 says when to come again. */
export const sendProblem = (
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  more: Record<string, string> = {},
): void => {
  if (status === 503 || status === 429) void reply.header('retry-after', status === 503 ? '5' : '60');
  void reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: detail, status, code, ...more }));
};
