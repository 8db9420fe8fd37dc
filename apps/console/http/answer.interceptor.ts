import { Inject, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Readable } from 'node:stream';
import { maskVisitors } from '../access/visitor-mask.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { columnsOf, csvStream, itemSchemaOf, type ListPage } from './csv.js';
import { answerOnce } from './idempotency.js';
import { operationKey, type ApiRequest, type OperationSettings } from './operation.js';

/** Steps of every API answer: hide visitors from callers without that right, write lists as CSV
 *  on request, and run a write with a key once. Handlers do not deal with any of them. */

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';
const csvPageRows = '500';

/** `text/csv` named in `Accept`, and JSON not preferred to it. */
const wantsCsv = (accept: string | undefined): boolean =>
  accept !== undefined && /(?:^|,)\s*text\/csv\b/i.test(accept.split(/application\/json/i)[0] ?? '');

export class AnswerInterceptor implements NestInterceptor {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'seal' | 'log' | 'now'>) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<ApiRequest>(), http.getResponse<FastifyReply>()];
    const settings = Reflect.getMetadata(operationKey, context.getHandler()) as OperationSettings;
    const mask = request.actor?.seesVisitors === false ? maskVisitors : (value: unknown) => value;
    const handle = async (): Promise<unknown> => {
      const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      return answer instanceof Readable ? answer : mask(answer);
    };
    return from(this.answer(settings, { request, reply }, handle));
  }

  private async answer(
    settings: OperationSettings,
    { request, reply }: { request: ApiRequest; reply: FastifyReply },
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = request.headers['idempotency-key'];
    if (!isSafe(request.method) && request.actor && typeof key === 'string')
      return answerOnce(this.ports, { request, reply, key }, handle);
    const item = isSafe(request.method) ? itemSchemaOf(settings.answer) : null;
    if (item === null) return handle();
    void reply.header('vary', 'accept, authorization, cookie');
    if (!wantsCsv(request.headers.accept)) {
      // A list may be kept by the caller, but must be asked for again (`If-None-Match`).
      void reply.header('cache-control', 'private, no-cache');
      return handle();
    }
    // The handler reads the query at each call, so another cursor gives the next page.
    const read = (query: object): Promise<ListPage> => {
      Object.assign(request, { query });
      return handle() as Promise<ListPage>;
    };
    const { query } = request as { query: Record<string, unknown> };
    const paged = 'limit' in (settings.query && 'shape' in settings.query ? (settings.query.shape as object) : {});
    const all = paged ? { ...query, limit: csvPageRows } : query;
    const first = await read(all);
    const name = request.routeOptions.url?.split('/')[3] ?? 'list';
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`);
    return csvStream(columnsOf(item), first, (cursor) => read({ ...all, cursor }));
  }
}
