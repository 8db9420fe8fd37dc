import type { ingestPipeline } from '../ingest.pipeline.js';

/** What the controllers stand on. */
export type IngestEdge = {
  pipeline: ReturnType<typeof ingestPipeline>;
  trustedProxies: readonly string[];
  mostUrlBytes: number;
};
export const ingestEdge = Symbol('ingest edge');
