import { dropIdempotentKey, keepIdempotentAnswer, takeIdempotentKey } from '#postgres';
import { messageOf } from '#runtime';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ConsolePorts } from '../ports.js';
import type { ApiRequest } from './operation.js';
import { Problem } from './problem.js';
import type { ProblemCode, StatusOf } from './problem-codes.js';

/** `Idempotency-Key` on writes: a repeated request is not run again but gets the first answer.
 *  Keys belong to one caller and are kept for a day. */

const keyForm = /^[\x21-\x7e]{1,255}$/;
/** Longer answers and streams are not kept; then a repetition is refused instead of being done
 *  twice. */
const maxAnswerBytes = 256 * 1024;
const runningMs = 10 * 60_000;

/** A body that is a stream is not read here; its length is taken instead. */
const fingerprintOf = ({ method, url, body, headers }: ApiRequest): Buffer => {
  const content =
    body instanceof Readable ? `stream of ${headers['content-length'] ?? '?'}` : JSON.stringify(body ?? null);
  return createHash('sha256').update(`${method} ${url}\n${content}`).digest();
};

const refuse = <Code extends ProblemCode>(status: StatusOf<Code>, code: Code, detail: string): never => {
  throw new Problem(status, code, detail);
};

type Ports = Pick<ConsolePorts, 'pool' | 'seal' | 'log' | 'now'>;
type Of = { actor: string; key: string };

/** An answer can hold a token of a network, so it is sealed, for this caller and key alone. */
const sealedFor = ({ actor, key }: Of): string => `answer:${actor}:${key}`;

/** The secret of a kept answer can be removed within its day. */
const openAnswer = (seal: Ports['seal'], answer: string, of: Of): string => {
  try {
    return seal.open(answer, sealedFor(of));
  } catch {
    return refuse(409, 'idempotency_outcome_unknown', 'the first answer cannot be opened; look whether it took effect');
  }
};

/** Runs `work` unless the key has an answer already; then gives that one.
 *  @throws Problem 422 `idempotency_key_reused`, 409 `idempotency_in_progress` or
 *    `idempotency_outcome_unknown` */
export const answerOnce = async (
  { pool, seal, log, now }: Ports,
  { request, reply, key }: { request: ApiRequest; reply: FastifyReply; key: string },
  work: () => Promise<unknown>,
): Promise<unknown> => {
  if (!keyForm.test(key))
    return refuse(422, 'idempotency_key_invalid', 'an Idempotency-Key is 1 to 255 visible ASCII characters');
  const of = { actor: request.actor?.userId ?? request.actor?.tokenId ?? '', key };
  const fingerprint = fingerprintOf(request);
  const kept = await takeIdempotentKey(pool, of, fingerprint);
  if (kept === 'full')
    return refuse(429, 'idempotency_keys_full', 'too many Idempotency-Keys within a day; send without one, or wait');
  if (kept !== 'taken') {
    if (!kept.fingerprint.equals(fingerprint))
      return refuse(422, 'idempotency_key_reused', 'this Idempotency-Key was used for another request');
    if (kept.status === null)
      return now().getTime() - kept.createdAt.getTime() < runningMs
        ? refuse(409, 'idempotency_in_progress', 'the first request with this key still runs; ask again in a moment')
        : refuse(409, 'idempotency_outcome_unknown', 'the first request broke off; look whether it took effect');
    void reply.code(kept.status).headers({ ...kept.headers, 'idempotent-replayed': 'true' });
    return kept.answer === null ? undefined : (JSON.parse(openAnswer(seal, kept.answer, of)) as unknown);
  }
  let answer: unknown;
  try {
    answer = await work();
  } catch (thrown) {
    await dropIdempotentKey(pool, of).catch(() => undefined);
    throw thrown;
  }
  if (answer instanceof Readable) return answer;
  const text = answer === undefined ? null : JSON.stringify(answer);
  if (text !== null && Buffer.byteLength(text) > maxAnswerBytes) return answer;
  const headers = Object.fromEntries(
    ['location', 'etag'].flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [])),
  );
  const row = { status: reply.statusCode, headers, answer: text === null ? null : seal.seal(text, sealedFor(of)) };
  await keepIdempotentAnswer(pool, of, row).catch((thrown: unknown) =>
    log.warn({ event: 'api.answer_not_kept', error: messageOf(thrown) }),
  );
  return answer;
};
