import { callerAddress } from '#domain';
import type { ProblemContent } from '#http';
import type { FastifyRequest } from 'fastify';
import type { IngestPipeline } from '../ingest.pipeline.js';

export const catalogLoading: ProblemContent = {
  status: 503,
  code: 'catalog_loading',
  detail: 'The catalog is not loaded yet. Try again in a few seconds.',
};
export const campaignUnknown: ProblemContent = {
  status: 404,
  code: 'campaign_unknown',
  detail: 'There is no such campaign. Copy its link again from the campaign in the console.',
};

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
