import type { CatalogView, SafeClickRecord, SafePostbackRecord } from '#contracts';
import type { RefusalCode } from '#domain';
import type { Strangers } from './strangers.js';

/** What the pipeline takes and answers, and what it needs from outside. */

/** `isCurrent`: all of the catalog is known. Before that, what is unknown may only be unknown yet,
 *  so it is answered 503 and never 403 or 404. */
export type CatalogState = {
  view: CatalogView;
  /** Networks that are known and whose secrets cannot be opened: their calls are answered 503. */
  withheld: ReadonlySet<string>;
  isCurrent: boolean;
};

/** What a call has to show:
 *  - `proven`: it gives the proof that its network demands, or its network's token;
 *  - `names_click`: no proof, but a click id that we made;
 *  - `garbage`: neither. */
export type Standing = 'proven' | 'names_click' | 'garbage';

/** How much of the spool a record may use (`docs/LIMITS.md`): money with proof all of it. */
export type RecordClass = 'click' | 'unproven' | 'proven';

export type Ports = {
  catalog: () => CatalogState;
  /** Each resolves when the record is durable (P1) and rejects when it is not. */
  record: {
    click: (click: SafeClickRecord) => Promise<void>;
    postback: (postback: SafePostbackRecord, key: string, recordClass: RecordClass) => Promise<void>;
  };
  time: { nowMs(): number };
  random: { bytes(size: number): Uint8Array; uuidV7(nowMs: number): string; unit(): number };
  /** The first signs click ids, all are accepted. */
  secrets: readonly string[];
  /** What the catalog may have instead of this token. */
  hashesOfToken: (token: string) => readonly string[];
  publicUrl: string;
  strangers: Strangers;
  count: {
    click: (outcome: 'recorded' | 'not_counted' | 'lost') => void;
    /** A problem that a reading met: among them the limits of reading. */
    problem: (code: string) => void;
    postback: (outcome: PostbackOutcome, refusal: RefusalCode | null, network: string) => void;
  };
};

/** `limited`: a call without proof beyond what its address may send. */
type PostbackOutcome = 'accepted' | 'refused' | 'limited' | 'unavailable';

export type Visit = {
  campaignKey: string;
  /** The text after the `?` of the link. */
  query: string;
  channel: 'redirect' | 'direct';
  /** Whether it is a visit at all: HEAD, prefetches and previews are not. */
  counts: boolean;
  /** The proof of a test visit, as it came; see `isTestVisit`. */
  testProof?: string | string[] | undefined;
  address: string | null;
  userAgent: string | undefined;
  referer: string | undefined;
  language: string | undefined;
};

export type Redirect =
  { kind: 'redirect'; clickId: string; location: string; test: boolean } | { kind: 'unknown' } | { kind: 'not_ready' };

/** A call to one of our postback addresses. `token` null: the plain address. */
export type PostbackCall = {
  method: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | null;
  address: string | null;
  token: string | null;
  /** The key in a Keitaro path: a parameter called `key`, so that a network's secret can demand
   *  it. */
  key: string | null;
  tooLarge: boolean;
};

export type Answer = {
  status: number;
  refusal: RefusalCode | null;
  postbackId: string | null;
  /** The body that the network asked for, for a call that was accepted. */
  body: string | null;
};
