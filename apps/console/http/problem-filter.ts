import { rawProblemAnswer, sendProblem, type ProblemContent } from '#http';
import { messageOf, systemTime } from '#runtime';
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Problem } from './problem.js';
import type { ProblemCode } from './problem-codes.js';

/** Turns an error of a request into a problem document. */

/** Fastify's parsers and Nest's router refuse with a status and a text; the codes are ours. */
const earlyCodes: Record<number, ProblemCode> = {
  400: 'malformed_json',
  404: 'no_such_route',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'content_type_unknown',
};

/** Ours, the operating system's, and Postgres' codes for a server that is away or full. */
const awayCodes =
  /^(KAFKA_AWAY|KAFKA_BACKPRESSURE|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|57P0\d|53300)$/;
/** The driver of Postgres has no codes for a server that does not answer. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error)/;

const refusalOf = (thrown: unknown): ProblemContent | null => {
  if (thrown instanceof Problem) return thrown;
  const { code, message } = thrown as { code?: string; message: string };
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500)
    return { status, code: earlyCodes[status] ?? 'refused', detail: message };
  if (awayCodes.test(code ?? '') || awayMessages.test(message))
    return { status: 503, code: 'temporarily_unavailable', detail: 'a part of the system is away; try again' };
  return null;
};

const unexpected: ProblemContent = {
  status: 500,
  code: 'unexpected',
  detail: 'this is an error in Carom; it has been logged',
};

/** The text of an unexpected error goes to the log only: it may hold what the caller must not
 *  see. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'log'>) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const refusal = refusalOf(thrown);
    if (!refusal) {
      const stack = thrown instanceof Error ? thrown.stack : undefined;
      const { method, url } = request;
      this.ports.log.error({ event: 'api.failed', method, url, error: messageOf(thrown), stack });
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (refusal?.status === 413) return void drain(request.raw).then(() => sendProblem(reply, refusal));
    sendProblem(reply, refusal ?? unexpected);
  }
}

const drainMs = 2_000;

/** Reads and drops the rest of a body that is too large, for at most `drainMs`. A client that still
 *  sends when its connection is closed sees a broken pipe and never the answer. */
const drain = async (body: IncomingMessage): Promise<void> => {
  if (body.readableEnded || body.destroyed) return;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  body.once('end', end).once('close', end).once('error', end).resume();
  await systemTime.wait(drainMs, ended.signal);
};

/** For what Fastify refuses before there is a route: a path with a broken percent-encoding. */
export const answerUnroutable = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void =>
  sendProblem(reply, { status: 400, code: 'url_unreadable', detail: error.message });

const unparsed: Record<string, [status: number, reason: string, code: ProblemCode]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request_too_slow'],
};

/** For what Node's parser could not read as HTTP. */
export const answerUnparsed = (error: { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason, code] = unparsed[error.code ?? ''] ?? [400, 'Bad Request', 'http_unreadable'];
  socket.end(rawProblemAnswer(reason, { status, code, detail: 'this cannot be read as HTTP' }));
};
