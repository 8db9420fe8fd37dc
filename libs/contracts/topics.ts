import type { z } from 'zod';
import { dayMs } from '#domain';
import { catalogEntryV1 } from './catalog.v1.js';
import { clickRecordedV1 } from './click-recorded.v1.js';
import { conversionChangedV1 } from './conversion-changed.v1.js';
import { parkedV1 } from './parked.v1.js';
import { postbackReceivedV1 } from './postback-received.v1.js';

/** The one table of topics: they are created from it, consumers decode by it, `docs/CONTRACTS.md`
 *  is generated from it. */
export type Topic = {
  name: string;
  /** Written into the header `type` of every record. */
  type: string;
  schema: z.ZodType;
  key: string;
  writers: readonly string[];
  readers: readonly string[];
  partitions: number;
  cleanup: 'compact' | 'delete';
  retentionMs: number | null;
};

/** Twelve partitions where order per key matters: divides among 1, 2, 3, 4, 6 or 12 replicas, and
 *  one small broker carries it. */
export const topics = {
  catalog: {
    name: 'carom.catalog.v1',
    type: 'catalog-entry.v1',
    schema: catalogEntryV1,
    key: 'kind + ":" + key',
    writers: ['console'],
    readers: ['ingest', 'attribution', 'dispatch'],
    partitions: 1,
    cleanup: 'compact',
    retentionMs: null,
  },
  clicks: {
    name: 'carom.clicks.v1',
    type: 'click-recorded.v1',
    schema: clickRecordedV1,
    key: 'click id',
    writers: ['ingest', 'console'],
    readers: ['attribution'],
    partitions: 12,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  },
  postbacks: {
    name: 'carom.postbacks.v1',
    type: 'postback-received.v1',
    schema: postbackReceivedV1,
    key: 'conversion identity',
    writers: ['ingest', 'console'],
    readers: ['attribution'],
    partitions: 12,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  },
  conversions: {
    name: 'carom.conversions.v1',
    type: 'conversion-changed.v1',
    schema: conversionChangedV1,
    key: 'conversion id',
    writers: ['attribution'],
    readers: ['dispatch'],
    partitions: 12,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  },
  parked: {
    name: 'carom.parked.v1',
    type: 'parked.v1',
    schema: parkedV1,
    key: 'as the original',
    writers: ['ingest', 'attribution', 'dispatch'],
    readers: ['console'],
    partitions: 3,
    cleanup: 'delete',
    retentionMs: 30 * dayMs,
  },
} as const satisfies Record<string, Topic>;

export const topicNamed = (name: string): Topic | undefined =>
  Object.values(topics).find((topic) => topic.name === name);
