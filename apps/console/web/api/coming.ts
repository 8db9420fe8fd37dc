import type { Problem } from './problem';
import type { paths } from './schema';

/** Routes by their paths; the document decides wherever it has one. */
export type ApiPaths = paths & Omit<Coming, keyof paths>;

type Answer<Content> = {
  responses: {
    200: { headers: object; content: { 'application/json': Content } };
    default: { headers: object; content: { 'application/problem+json': Problem } };
  };
};
type Parameters<Query, Path> = {
  query?: [Query] extends [never] ? never : Query;
  header?: never;
  cookie?: never;
} & ([Path] extends [never] ? { path?: never } : { path: Path });
type Get<Content, Query = never, Path = never> = {
  get: { parameters: Parameters<Query, Path>; requestBody?: never } & Answer<Content>;
};
type Write<Method extends string, Body, Content, Path = never> = Record<
  Method,
  {
    parameters: Parameters<never, Path>;
    requestBody?: { content: { 'application/json': Body } };
  } & Answer<Content>
>;

export type Role = 'admin' | 'editor' | 'viewer';
type Me = {
  user: { id: string; name: string; email: string | null } | null;
  role: Role;
  via: 'session' | 'token';
  publicUrl: string;
  version: string;
};
type Session = {
  id: string;
  userId: string | null;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string;
  address: string | null;
  userAgent: string | null;
  current: boolean;
};
type PostbackCounts = { applied: number; duplicate: number; refused: number; orphan: number; parked: number };
type DeliveryCounts = { delivered: number; waiting: number; parked: number; superseded: number };
export type OverviewBucket = {
  at: string;
  clicks: number;
  postbacks: PostbackCounts;
  deliveries: DeliveryCounts;
  money: { currency: string; approved: string; pending: string; cost: string }[];
};
export type Status = {
  consumers: { group: string; topic: string; lag: number; secondsBehind: number | null }[];
  spool: unknown;
  orphans: { count: number; oldestAt: string | null };
  parked: { count: number };
  missed: { topic: string; records: number | null }[];
  destinations: { failing: number; backlog: number; oldestAt: string | null };
};
export type FoundItem = { kind: string; id: string; title: string; at: string | null };
export type Found = {
  items: FoundItem[];
  searched: { what: string; since: string | null }[];
  /** Where nothing was found: the refused calls that come nearest. */
  nearest: FoundItem[];
};
export type TestStep = {
  step: 'click' | 'redirect' | 'postback' | 'conversion' | 'delivery';
  state: string;
  at: string | null;
  detail: unknown;
};
export type SummaryItem = { key: (string | null)[]; count: number; lastAt: string; sampleId: string };
export type Job = {
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  result: unknown;
  createdAt: string;
};

/** Part of the design, not yet in the document. */
type Coming = {
  '/api/v1/me': Get<Me>;
  '/api/v1/session': Write<'post', { email: string; password: string } | { token: string }, Me> &
    Write<'delete', never, never>;
  '/api/v1/sessions': Get<{ items: Session[] }>;
  '/api/v1/sessions/{id}': Write<'delete', never, never, { id: string }>;
  '/api/v1/me/password': Write<'post', { current: string; next: string }, never>;
  '/api/v1/join': Write<'post', { code: string; password: string }, Me>;
  '/api/v1/overview': Get<
    { buckets: OverviewBucket[] },
    { from?: string; to?: string; bucket?: 'minute' | 'hour' | 'day' }
  >;
  '/api/v1/status': Get<Status>;
  '/api/v1/search': Get<Found, { q: string }>;
  '/api/v1/tests': Write<
    'post',
    { campaignKey: string; status?: string; amount?: string; currency?: string; event?: string },
    { id: string; steps: TestStep[] }
  >;
  '/api/v1/tests/{id}': Get<{ id: string; steps: TestStep[] }, never, { id: string }>;
  '/api/v1/postbacks/summary': Get<
    { items: SummaryItem[] },
    { groupBy: string; from?: string; to?: string; state?: string; limit?: number }
  >;
  '/api/v1/networks/{key}/statuses': Write<
    'post',
    { word: string; meaning: string; replay: boolean },
    { job?: Job | null; replayed?: number },
    { key: string }
  >;
  '/api/v1/jobs': Get<{ items: Job[]; next: string | null }, { limit?: number; cursor?: string }>;
  '/api/v1/jobs/{id}': Get<Job, never, { id: string }> & Write<'delete', never, never, { id: string }>;
};
