import { callerAddress } from '#domain';
import type { FastifyRequest } from 'fastify';
import type { IngestPipeline } from '../ingest.pipeline.js';

/** What the controllers need: the pipeline, and who is calling. */
export class IngestEdge {
  constructor(
    readonly pipeline: IngestPipeline,
    private readonly trustedProxies: readonly string[],
    readonly maxUrlBytes: number,
  ) {}

  addressOf({ raw }: Pick<FastifyRequest, 'raw'>): string | null {
    return callerAddress(raw.socket.remoteAddress ?? null, raw.headers['x-forwarded-for'], this.trustedProxies);
  }
}
