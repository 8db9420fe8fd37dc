import { commonDialect, indexNames, type Dialect } from './dialect.js';
import type { Parameter, Parameters } from './call/parameter.js';
import { readParameters } from './call/parameters.js';
import { signatureOf, signedOnly, type SignatureSettings } from './signature.js';
import { findOwnClicks, type RecogniseClickId } from './own-clicks.js';
import { isReportRow, reportDialect } from './report-dialect.js';
import { callOfRaw, readFields, type KeptCall, type ReadResult } from './postback.js';
import type { DropIn, FieldName, StatusMeaning } from '../settings.js';
import { pathOf } from './call/target.js';

/** Drop-in endpoints: the postback paths and parameter names of other trackers, so that a team can
 *  move here without touching a network's panel. Three have paths of their own; the others post to
 *  `/postback` as we do, and bring names only. */

type DropInFacts = {
  /** First segment of a path that is this tracker's alone; null: its path is `/postback` too. */
  path: '/click.php' | '/aff_lsr' | '/:key/postback' | null;
  params: Partial<Record<FieldName, readonly string[]>>;
  statusMap: Record<string, StatusMeaning>;
};

const facts: Record<DropIn, DropInFacts> = {
  /** https://doc.voluum.com/en/tracking_conversions_postback.html */
  voluum: {
    path: null,
    params: { clickId: ['cid'], transactionId: ['txid'], amount: ['payout'], currency: ['currency'], event: ['et'] },
    statusMap: {},
  },
  /** https://docs.binom.org/postback-url.php */
  binom: {
    path: '/click.php',
    params: { clickId: ['cnv_id'], amount: ['payout'], currency: ['cnv_currency'], status: ['cnv_status'] },
    statusMap: {},
  },
  /** https://docs.keitaro.io/en/conversions/postback.html: `lead` is a held conversion there,
   *  `sale` and `rebill` are paid. */
  keitaro: {
    path: '/:key/postback',
    params: {
      clickId: ['subid', 'sub_id'],
      transactionId: ['tid'],
      amount: ['payout', 'revenue'],
      currency: ['currency'],
      status: ['status'],
    },
    statusMap: { lead: 'pending', sale: 'approved', rebill: 'approved', rejected: 'rejected' },
  },
  /** https://help.redtrack.io/knowledgebase/kb/conversion-tracking/tracking-event-types/ */
  redtrack: {
    path: null,
    params: {
      clickId: ['clickid'],
      transactionId: ['rdtk_event_id'],
      amount: ['sum'],
      currency: ['currency'],
      status: ['status'],
      event: ['type'],
    },
    statusMap: { declined: 'rejected' },
  },
  /** https://docs.bemob.com/en/adsterra-settings */
  bemob: {
    path: null,
    params: { clickId: ['cid'], transactionId: ['txid'], amount: ['payout'], status: ['status'] },
    statusMap: {},
  },
  /** TUNE as the advertiser's target: its transaction_id is the click id, adv_sub the advertiser's
   *  own order. */
  tune: {
    path: '/aff_lsr',
    params: {
      clickId: ['transaction_id'],
      transactionId: ['adv_sub', 'conversion_unique_id'],
      amount: ['amount'],
      event: ['goal_id', 'goal_name'],
    },
    statusMap: {},
  },
};

/** The drop-in that a target's path belongs to, if it is one's alone. */
export const dropInOfTarget = (target: string): DropIn | null => {
  const path = pathOf(target);
  if (path === '/click.php') return 'binom';
  if (path === '/aff_lsr') return 'tune';
  return /^\/[^/]+\/postback$/.test(path) ? 'keitaro' : null;
};

const keitaroWords: Record<string, StatusMeaning> = {
  lead_status: 'pending',
  sale_status: 'approved',
  rebill_status: 'approved',
  rejected_status: 'rejected',
  ignore_status: 'ignored',
};

const maxWordsInUrl = 100;

/** Keitaro's URL says itself which words mean what: `…&lead_status=hold,wait&sale_status=paid`. */
const wordsInUrl = (list: readonly Parameter[]): Record<string, StatusMeaning> =>
  Object.fromEntries(
    list.flatMap(({ name, value }) => {
      const meaning = Object.hasOwn(keitaroWords, name.toLowerCase()) ? keitaroWords[name.toLowerCase()] : undefined;
      if (meaning === undefined) return [];
      return value.split(',', maxWordsInUrl).map((word): [string, StatusMeaning] => [word.trim(), meaning]);
    }),
  );

export type DialectWithDropIns = Dialect & {
  dropIns: readonly DropIn[];
  security?: SignatureSettings;
};

/** Kept per settings object, because the index of names is compiled per object of names. */
const overlaid = new WeakMap<DialectWithDropIns, Map<string, Dialect>>();

/** The dialect of a call to a target: the network's own names and words first, then those of the
 *  drop-ins it has switched on. */
export const dialectAt = (network: DialectWithDropIns, target: string, list: readonly Parameter[]): Dialect => {
  if (network.dropIns.length === 0) return network;
  const alone = dropInOfTarget(target);
  // On our own address the drop-ins of the network are understood too: a team that moved here may
  // have changed host and path of its template and kept the parameters. TUNE's `transaction_id` is
  // a click id, on our address an order's id; our own click ids are recognised under either name.
  const used = network.dropIns.filter((name) => (alone === null ? name !== 'tune' : name === alone));
  if (used.length === 0) return network;
  const known = overlaid.get(network) ?? new Map<string, Dialect>();
  overlaid.set(network, known);
  let dialect = known.get(used.join());
  if (!dialect) {
    dialect = used.reduce<Dialect>((below, name) => overlay(below, facts[name]), network);
    known.set(used.join(), dialect);
  }
  if (!used.includes('keitaro')) return dialect;
  const words = wordsInUrl(list);
  return Object.keys(words).length === 0 ? dialect : { ...dialect, statusMap: { ...words, ...network.statusMap } };
};

const overlay = (below: Dialect, { params, statusMap }: DropInFacts): Dialect => {
  const names: Dialect['params'] = { ...below.params };
  for (const [field, added] of Object.entries(params) as [FieldName, readonly string[]][])
    names[field] = [...(below.params[field] ?? []), ...added];
  return { ...below, params: names, statusMap: { ...statusMap, ...below.statusMap } };
};

/** How a call is read while its network is unknown: by the names of the drop-in that its path
 *  belongs to. */
export const dialectOfStranger = (target: string, list: readonly Parameter[]): Dialect => {
  const dropIn = dropInOfTarget(target);
  return dropIn === null ? commonDialect : dialectAt(strangers[dropIn], target, list);
};
const stranger = (dropIn: DropIn): DialectWithDropIns => ({ ...commonDialect, dropIns: [dropIn] });
const strangers: Record<DropIn, DialectWithDropIns> = {
  voluum: stranger('voluum'),
  binom: stranger('binom'),
  keitaro: stranger('keitaro'),
  redtrack: stranger('redtrack'),
  bemob: stranger('bemob'),
  tune: stranger('tune'),
};

/** The parameters that may be read of a call: where its network signs named parameters, only
 *  those. */
export const readableParameters = (
  parameters: Parameters,
  network: DialectWithDropIns | null,
  dialect: Dialect,
): Parameters => {
  const rule = network?.security ? signatureOf(network.security) : null;
  if (!rule || !network) return parameters;
  const { places } = indexNames(dialect.params);
  const own = new Set(Object.values(network.params).flatMap((names) => names.map((name) => name.toLowerCase())));
  const fieldsOf = (name: string) => (places.get(name) ?? []).map(({ field }) => field);
  return signedOnly(parameters, rule, {
    isRead: (name) => places.has(name),
    isWanted: (name, signed) => {
      const covered = new Set(signed.flatMap(fieldsOf));
      return own.has(name) && !fieldsOf(name).some((field) => covered.has(field));
    },
  });
};

/** Reads a stored call under the dialect that its network has today: when attribution learns the
 *  network later, and at replay. Null: the network is unknown. */
export const readKeptCall = (
  raw: KeptCall,
  network: DialectWithDropIns | null,
  recognise: RecogniseClickId,
): ReadResult => {
  const all = readParameters(callOfRaw(raw));
  if (isReportRow(raw))
    return readFields(all, reportDialect(network ?? commonDialect), findOwnClicks(all.list, recognise));
  const dialect = network ? dialectAt(network, raw.target, all.list) : dialectOfStranger(raw.target, all.list);
  const parameters = readableParameters(all, network, dialect);
  return readFields(parameters, dialect, findOwnClicks(parameters.list, recognise));
};
