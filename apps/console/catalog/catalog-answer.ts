import {
  catalogKinds,
  entryNameOf,
  mapCatalogSecrets,
  campaignSettings,
  networkSettings,
  offerSettings,
  sourceSettings,
  type Campaign,
  type CatalogKind,
  type Network,
  type NetworkSettings,
  type Source,
} from '#contracts';
import { redacted } from '#domain';
import { clickUrlOf, postbackUrlOf } from '#presets';
import type { NetworkPreset, SourcePreset } from '#presets';
import type { Seal } from '#runtime';
import { z } from 'zod';
import { settingsSchemas, type Value } from './catalog.js';

/** What the API shows of a catalog entry: its settings with secrets redacted, and the URLs to
 *  paste. Fields are in the order of the schema, because jsonb keeps no order. */

export type Presets = {
  networks: ReadonlyMap<string, NetworkPreset>;
  sources: ReadonlyMap<string, SourcePreset>;
};
type Shown = { kind: string; body: object; version: number; createdAt: Date; changedAt: Date };

/** What the linter found in a template. */
export const finding = z
  .object({
    severity: z.enum(['error', 'warning']),
    where: z.string(),
    code: z.string(),
    text: z.string(),
    message: z.string(),
    suggestion: z.string().nullable(),
  })
  .meta({ id: 'Finding' });
/** In the answers of one entry, not in lists. */
const warnings = { warnings: z.array(finding).optional() };

const head = { number: z.int(), version: z.int(), createdAt: z.iso.datetime(), changedAt: z.iso.datetime() };
export const answerSchemas = {
  network: networkSettings
    .extend({
      ...head,
      token: z.string(),
      tokens: z.array(z.strictObject({ token: z.string(), until: z.iso.datetime().nullable() })),
      postbackUrl: z.string(),
      /** For networks that want a URL for each event or status: the further ones, each with the
       *  case it is for. */
      morePostbackUrls: z.array(z.strictObject({ when: z.string(), url: z.string() })),
      ...warnings,
    })
    .meta({ id: 'Network' }),
  source: sourceSettings.extend({ ...head, ...warnings }).meta({ id: 'Source' }),
  offer: offerSettings.extend(head).meta({ id: 'Offer' }),
  campaign: campaignSettings.extend({ ...head, clickUrl: z.string(), ...warnings }).meta({ id: 'Campaign' }),
} as const;

/** Fields of an answer that are not settings of this kind. A body may carry them, so that an
 *  answer can be changed and sent back. They are listed per kind, because `tokens` of a network
 *  are created by console and `tokens` of a source are settings. */
const readOnlyFields = new Map(
  catalogKinds.map((kind) => {
    const settings: object = settingsSchemas[kind].shape;
    return [kind, new Set(Object.keys(answerSchemas[kind].shape).filter((name) => !(name in settings)))];
  }),
);

/** The settings in a body that may be an answer of ours. */
export const settingsOf = (kind: CatalogKind, body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !readOnlyFields.get(kind)?.has(name)));

/** The form that a Postback URL has in the documentation of most networks, where no preset says
 *  how this one writes its macros: the network's own parameter names where they are set, and
 *  placeholders that name what belongs there. */
const plainTemplate = ({ params }: NetworkSettings): string => {
  const pairs: [field: keyof NetworkSettings['params'], usual: string | null, placeholder: string][] = [
    ['clickId', null, 'click_id'],
    ['transactionId', 'transaction_id', 'transaction_id'],
    ['amount', 'amount', 'amount'],
    ['currency', null, 'currency'],
    ['status', 'status', 'status'],
    ['event', null, 'event'],
  ];
  return pairs
    .map(([field, usual, placeholder]) => [params[field]?.[0] ?? usual, placeholder] as const)
    .filter(([name]) => name !== null)
    .map(([name, placeholder]) => `${encodeURIComponent(name ?? '')}={${placeholder}}`)
    .join('&');
};

/** Shown for a token whose key `CAROM_SECRET` does not hold. A new token can be made. */
const unreadable = '[cannot be opened]';

/** A stored token as the Postback URL has it. Never throws. */
export const readableToken = (networkKey: string, stored: string | undefined, seal: Pick<Seal, 'open'>): string => {
  try {
    return seal.open(stored ?? unreadable, entryNameOf('network', networkKey));
  } catch {
    return unreadable;
  }
};

type ShownBy = { publicUrl: string; presets: Presets; open: boolean; seal: Pick<Seal, 'open'> };

const networkAnswer = (value: Network, at: ShownBy) => {
  const preset = value.preset === null ? undefined : at.presets.networks.get(value.preset);
  const tokens = value.tokens.map(({ token, until }) => ({
    token: at.open ? readableToken(value.key, token, at.seal) : redacted,
    until,
  }));
  const token = at.open ? (tokens[0]?.token ?? '') : redacted;
  return {
    token,
    tokens,
    postbackUrl: postbackUrlOf(at.publicUrl, token, preset?.postback?.template ?? plainTemplate(value)),
    morePostbackUrls: (preset?.postback?.more ?? []).map(({ when, template }) => ({
      when,
      url: postbackUrlOf(at.publicUrl, token, template),
    })),
  };
};

/** @param open whether the caller may see tokens. A network's Postback URL is enough to report
 *    conversions in its name.
 *  @param sourceOf the campaign's source, for its click link. */
export const answerOf = (
  entry: Shown,
  at: ShownBy & { sourceOf: (key: string) => Source | undefined },
): Record<string, unknown> => {
  const kind = entry.kind as CatalogKind;
  const value = mapCatalogSecrets(kind, entry.body as Value, () => redacted) as Record<string, unknown>;
  const ordered = Object.keys(answerSchemas[kind].shape).filter((name) => name in value);
  const answer: Record<string, unknown> = {
    ...Object.fromEntries(ordered.map((name) => [name, value[name]])),
    version: entry.version,
    createdAt: entry.createdAt.toISOString(),
    changedAt: entry.changedAt.toISOString(),
  };
  if (kind === 'network') return { ...answer, ...networkAnswer(entry.body as Network, at) };
  if (kind !== 'campaign') return answer;
  const campaign = entry.body as Campaign;
  const source = at.sourceOf(campaign.sourceKey);
  const preset = source?.preset ? (at.presets.sources.get(source.preset) ?? null) : null;
  return {
    ...answer,
    clickUrl: source ? clickUrlOf(at.publicUrl, campaign.key, source, preset) : `${at.publicUrl}/c/${campaign.key}`,
  };
};
