import type { CatalogView, Network, SafeClickRecord, SafePostbackRecord } from '#contracts';
import {
  chooseByWeight,
  dialectAt,
  dialectOfStranger,
  emptyReading,
  findOwnClicks,
  foremostRefusal,
  isDecidedAtEdge,
  judgeCaller,
  mintClickId,
  partitionKeyOf,
  queryOf,
  readClick,
  readClickId,
  readFields,
  proofOfCaller,
  readableParameters,
  readParameters,
  refusalOf,
  safeText,
  wantsProof,
  type OwnClicks,
  type Parameters,
  type RefusalCode,
  type SafeText,
} from '#domain';
import { keptCall, secretsIn } from './recording/kept-call.js';
import { offerUrl } from './offer-url.js';
import { findNetwork, type Origin } from './whose-call.js';

/** Ingest. Reads HTTP and the catalog; writes carom.clicks.v1 and carom.postbacks.v1. Holds P1, P9 and the first step of P2.
 *
 *  Dies before a record is acknowledged: the network has no answer and sends the postback again; a visitor is at the offer already,
 *  and the click id in the offer's URL still says its campaign.
 *  Dies after it: the record is on the topic (or in the spool, which the next start drains); the network may send it again, and the
 *  ledger knows it (P3). */

export type Ports = {
  catalog: () => { view: CatalogView; complete: boolean };
  /** Resolves when the record is durable, rejects when it is not. */
  record: {
    click: (click: SafeClickRecord) => Promise<void>;
    postback: (postback: SafePostbackRecord, key: string) => Promise<void>;
  };
  clock: () => number;
  newId: () => string;
  random: { fraction: () => number; bytes: (count: number) => Uint8Array };
  /** The first signs click ids, all are accepted. */
  secrets: readonly string[];
  publicUrl: string;
  /** What becomes of a refused call of an unauthorised caller: kept with its reason, counted only, or counted and held off. */
  sample: (address: string | null) => 'keep' | 'count' | 'hold_off';
  count: {
    click: (outcome: 'recorded' | 'not_counted' | 'lost') => void;
    postback: (outcome: 'accepted' | 'refused' | 'unavailable', refusal: RefusalCode | null, network: string) => void;
  };
};

export type Visit = {
  campaignKey: string;
  /** What the link carries behind its `?`. */
  query: string;
  channel: 'redirect' | 'direct';
  /** Whether it is a visit at all: HEAD, prefetches and previews are not. */
  counts: boolean;
  address: string | null;
  userAgent: string | undefined;
  referer: string | undefined;
  language: string | undefined;
};

export type Redirect =
  { kind: 'redirect'; clickId: string; location: string } | { kind: 'unknown' } | { kind: 'not_ready' };

/** A call to one of our postback addresses. `token` null: the plain address. */
export type PostbackCall = {
  method: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | null;
  address: string | null;
  token: string | null;
  /** The key in a Keitaro path: a parameter called `key`, so that a network's secret can demand it. */
  key: string | null;
  tooLarge: boolean;
};

export type Answer = {
  status: number;
  refusal: RefusalCode | null;
  postbackId: string | null;
  /** What the network asked to be told, for a call that was accepted. */
  body: string | null;
};

export const ingestPipeline = (ports: Ports) => ({
  followClickLink: (visit: Visit): Redirect => followClickLink(ports, visit),
  takePostback: async (call: PostbackCall): Promise<Answer> => {
    const receivedAtMs = ports.clock();
    const parameters = call.tooLarge ? nothing : takeApart(call); //                   1. take apart, never throws
    const own = findOwnClicks(parameters.list, recognise(ports));
    const taken = { call, parameters, own, receivedAtMs };
    const origin = whoseCall(ports, taken); //                                         2. whose call is it
    if (origin === 'not_ready') {
      ports.count.postback('unavailable', null, '');
      return unavailable;
    }
    const decided = decide(ports, taken, origin); //                                   3. read, judge the caller, refuse or not
    return recordAndAnswer(ports, call, origin.network, decided); //                   4. durable first, then the answer (P1)
  },
});

/** A redirect waits for nobody: the click is on its way to Kafka when the answer leaves, and only counted if it never arrives (P9). */
const followClickLink = (ports: Ports, visit: Visit): Redirect => {
  const opened = openClick(ports, visit);
  if ('kind' in opened) return opened;
  if (opened.location === null) return { kind: 'unknown' };
  if (visit.counts) recordClick(ports, opened.click);
  else ports.count.click('not_counted');
  return { kind: 'redirect', clickId: opened.click.clickId, location: opened.location };
};

/** Chooses the offer, mints the click id and reads the visit. Does nothing yet. */
const openClick = (
  ports: Ports,
  visit: Visit,
): { click: SafeClickRecord; location: string | null } | { kind: 'unknown' } | { kind: 'not_ready' } => {
  const { view, complete } = ports.catalog();
  const campaign = view.campaign(visit.campaignKey);
  const source = campaign && view.source(campaign.sourceKey);
  const choice = campaign && chooseByWeight(campaign.offers, ports.random.fraction());
  const offer = choice && view.offer(choice.offerKey);
  if (!campaign || !source || !offer) return { kind: complete ? 'unknown' : 'not_ready' };

  const atMs = ports.clock();
  const clickId = mintClickId(
    { atMs, campaignNumber: campaign.number, offerNumber: offer.number, random: ports.random.bytes(5) },
    ports.secrets[0] ?? '',
  );
  const query = { method: 'GET', query: visit.query, body: null, contentType: null };
  const reading = readClick(readParameters(query).list, source);
  const click: SafeClickRecord = {
    clickId: safeText(clickId, maxClickIdLength),
    clickedAtMs: atMs,
    campaignKey: safeKey(campaign.key),
    sourceKey: safeKey(source.key),
    offerKey: safeKey(offer.key),
    networkKey: safeKey(offer.networkKey),
    ...reading,
    visitor: {
      ip: safeOrNull(visit.address, 100),
      userAgent: safeOrNull(visit.userAgent, 1_000),
      referer: safeOrNull(visit.referer, 2_000),
      language: safeOrNull(visit.language, 200),
    },
    channel: visit.channel,
    unique: true,
    flags: [],
  };
  return { click, location: offerUrl(offer, click) };
};

const recordClick = (ports: Ports, click: SafeClickRecord): void => {
  ports.record.click(click).then(
    () => ports.count.click('recorded'),
    () => ports.count.click('lost'),
  );
};

const maxClickIdLength = 200;
const safeKey = (key: string): SafeText => safeText(key, 63);
const safeOrNull = (text: string | null | undefined, maxLength: number): SafeText | null =>
  text === null || text === undefined ? null : safeText(text, maxLength);

const recognise =
  ({ secrets }: Pick<Ports, 'secrets'>) =>
  (text: string) =>
    readClickId(text, secrets);

const unavailable: Answer = { status: 503, refusal: null, postbackId: null, body: null };
const nothing: Parameters = { list: [], problems: [], fromQuery: 0 };
const takeApart = (call: PostbackCall): Parameters => {
  const parameters = readParameters(asInbound(call));
  if (call.key !== null) parameters.list.push({ name: 'key', value: call.key, raw: call.key, isJsonNumber: false });
  return parameters;
};
const asInbound = (call: PostbackCall) => ({
  method: call.method,
  query: queryOf(call.target),
  body: call.body,
  contentType: typeof call.headers['content-type'] === 'string' ? call.headers['content-type'] : null,
});

type Taken = { call: PostbackCall; parameters: Parameters; own: OwnClicks; receivedAtMs: number };

const judge = (ports: Ports, { call, parameters, receivedAtMs }: Taken, network: Network, byToken: boolean) =>
  judgeCaller(
    { ...call, uri: ports.publicUrl + call.target, parameters: parameters.list },
    network.security,
    byToken,
    receivedAtMs,
  );

const whoseCall = (ports: Ports, taken: Taken): Origin | 'not_ready' =>
  findNetwork(
    ports.catalog(),
    taken.call,
    taken.own,
    taken.receivedAtMs,
    (network) => wantsProof(network.security) && judge(ports, taken, network, false) === null,
  );

type Decided = { postback: SafePostbackRecord; refusal: RefusalCode | null; asked: string | null };

const decide = (ports: Ports, taken: Taken, origin: Origin): Decided => {
  const { call, parameters, own, receivedAtMs } = taken;
  const { network } = origin;
  const { target } = call;
  const dialect = network ? dialectAt(network, target, parameters.list) : dialectOfStranger(target, parameters.list);
  const readable = readableParameters(parameters, network, dialect);
  const signedOwn = readable === parameters ? own : findOwnClicks(readable.list, recognise(ports));
  const result = readFields(readable, dialect, signedOwn);
  const holding: RefusalCode[] = [];
  if (call.tooLarge) holding.push('too_large');
  if (origin.refusal) holding.push(origin.refusal);
  const byToken = origin.authenticatedBy === 'token';
  const callerRefusal = network && wantsProof(network.security) ? judge(ports, taken, network, byToken) : null;
  if (callerRefusal) holding.push(callerRefusal);
  // What the rules would say of a call whose network is not known yet is not said: its own map of words may know better.
  if (result.refusal && (network || isDecidedAtEdge(result.refusal))) holding.push(result.refusal);
  const refusal = foremostRefusal(holding);
  // Nothing is believed of a caller who is not who the network says: its words are kept in the raw call, not read.
  const believed = refusal === null || !['caller', 'size'].includes(refusalOf(refusal)?.stage ?? '');
  const postback: SafePostbackRecord = {
    id: safeText(ports.newId(), 36),
    receivedAtMs,
    channel: 'postback',
    networkKey: network ? safeKey(network.key) : null,
    authenticatedBy: origin.authenticatedBy,
    proof: network && !origin.refusal && !callerRefusal ? proofOfCaller(network.security, byToken) : 'none',
    raw: keptCall(call, secretsIn(parameters.list, network, ports.catalog().view)),
    read: believed ? result.read : emptyReading(),
    problems: believed ? result.problems : [],
    refusal,
    suppressDelivery: result.suppressDelivery,
    test: result.test,
  };
  // Keitaro's networks say in the URL what they want to hear: `return=OK`.
  const asked = call.key === null ? undefined : parameters.list.find(({ name }) => name.toLowerCase() === 'return');
  return { postback, refusal, asked: asked?.value.slice(0, 100) ?? null };
};

const recordAndAnswer = async (
  ports: Ports,
  call: PostbackCall,
  network: Network | null,
  { postback, refusal, asked }: Decided,
): Promise<Answer> => {
  const stage = refusal === null ? null : (refusalOf(refusal)?.stage ?? null);
  const refused = { status: 400, refusal, postbackId: postback.id, body: null };
  if (stage === 'caller' || (stage === 'size' && !network)) {
    // Garbage must not fill the disk: unauthorised calls are all counted, and kept as far as the sample goes.
    ports.count.postback('refused', refusal, network?.key ?? '');
    const fate = ports.sample(call.address);
    if (fate === 'keep') ports.record.postback(postback, postback.id).catch(() => undefined);
    if (fate === 'hold_off') return { ...refused, status: 429 };
    return { ...refused, status: stage === 'caller' ? 403 : 413 };
  }
  try {
    await ports.record.postback(postback, partitionKeyOf(postback.read, postback.id));
  } catch {
    ports.count.postback('unavailable', refusal, network?.key ?? '');
    return unavailable;
  }
  ports.count.postback(stage === null || stage === 'later' ? 'accepted' : 'refused', refusal, network?.key ?? '');
  if (stage === 'size') return { ...refused, status: 413 };
  if (stage === 'form') return refused;
  const { status, body } = network?.answer ?? { status: 200, body: 'OK' };
  return { status, refusal, postbackId: postback.id, body: asked ?? body };
};
