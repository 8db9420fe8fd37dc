import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import {
  compileAnswerPattern,
  compileUrl,
  fieldsCovered,
  leftoversIn,
  lintDestination,
  offerMacros,
  strayBraces,
  withoutLeftovers,
  parseRange,
  redacted,
  TemplateError,
  unknownMacros,
  type LintContext,
  type LintFinding,
  type TemplateProblem,
} from '#domain';
import { changeDestination } from './catalog-secrets.js';
import type {
  CampaignSettings,
  CatalogKind,
  DestinationSettings,
  NetworkSettings,
  OfferSettings,
  SourceSettings,
} from './catalog.v1.js';

/** What a schema cannot say of a catalog value: which others it names, and which of its fields need
 * each other. */

export type SettingsOf = {
  network: NetworkSettings;
  source: SourceSettings;
  offer: OfferSettings;
  campaign: CampaignSettings;
};
type SettingsProblem = { path: string; message: string; code: string };

/** The entries that must exist for this one to make sense. */
export const referencesOf = <Kind extends CatalogKind>(
  kind: Kind,
  settings: SettingsOf[Kind],
): { kind: CatalogKind; key: string; path: string }[] => {
  if (kind === 'offer') return [{ kind: 'network', key: (settings as OfferSettings).networkKey, path: 'networkKey' }];
  if (kind !== 'campaign') return [];
  const { sourceKey, offers } = settings as CampaignSettings;
  return [
    { kind: 'source', key: sourceKey, path: 'sourceKey' },
    ...offers.map(({ offerKey }, index) => ({
      kind: 'offer' as const,
      key: offerKey,
      path: `offers.${index}.offerKey`,
    })),
  ];
};

const problem = (path: string, code: string, message: string): SettingsProblem => ({ path, code, message });

const templateProblem = (path: string, { code, message, suggestion }: TemplateProblem): SettingsProblem =>
  problem(path, code, suggestion === null ? message : `${message}; perhaps ${suggestion}`);

/** A template that cannot be compiled cannot be used, so it is refused when it is saved and not
 * when the first visitor comes. */
const offerUrlProblems = (url: string): SettingsProblem[] => {
  const names = { names: offerMacros, tokens: null };
  const rest = withoutLeftovers(url, 'offer');
  const problems = leftoversIn(url, 'offer', names);
  try {
    const { macros } = compileUrl(rest, { fragment: true });
    problems.push(...unknownMacros(macros, names), ...strayBraces(rest, names));
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown;
    problems.push(...thrown.problems);
  }
  return problems.map((found) => templateProblem('url', found));
};

const networkProblems = ({ security, params, events }: NetworkSettings): SettingsProblem[] => {
  const field = security.signature ? 'signature' : 'hmac';
  // An encrypted notification is its own signature, and has no place for one.
  const place = security.signature?.kind === 'clickbank' ? null : (security.signature ?? security.hmac);
  const isUnclear = place && Number(place.param !== undefined) + Number(place.header !== undefined) !== 1;
  return [
    ...(isUnclear
      ? [problem(`security.${field}`, 'one_of', 'the signature is in `param` or in `header`: name one')]
      : []),
    ...(security.signature && security.hmac
      ? [problem('security.hmac', 'one_of', '`signature` replaces `hmac`: give only `signature`')]
      : []),
    ...(security.signature?.kind === 'digest' && !security.signature.template.includes('{secret}')
      ? [problem('security.signature.template', 'secret_missing', 'a plain hash without `{secret}` proves nothing')]
      : []),
    // A range that cannot be read matches no address: every call of the network would be refused.
    ...security.cidrs.flatMap((range, index) =>
      parseRange(range) === null
        ? [
            problem(
              `security.cidrs.${index}`,
              'range_invalid',
              'is neither an address nor a range such as 192.0.2.0/24',
            ),
          ]
        : [],
    ),
    ...Object.entries(params).flatMap(([field, names]) =>
      names?.length === 0
        ? [problem(`params.${field}`, 'empty', 'name at least one parameter, or leave the field out')]
        : [],
    ),
    ...Object.entries(events).flatMap(([name]) =>
      name === '' ? [problem('events', 'empty', 'an event needs a name')] : [],
    ),
  ];
};

const offerProblems = ({ url, payout, cap }: OfferSettings): SettingsProblem[] => [
  ...offerUrlProblems(url),
  ...(payout.mode === 'fixed' && payout.amount === undefined
    ? [problem('payout.amount', 'missing', 'a fixed payout needs its amount')]
    : []),
  ...(payout.mode === 'fixed' && payout.currency === undefined
    ? [problem('payout.currency', 'missing', 'a fixed payout needs its currency')]
    : []),
  ...(payout.mode === 'percent' && payout.percent === undefined
    ? [problem('payout.percent', 'missing', 'a percentage payout needs its percentage')]
    : []),
  ...(cap && cap.conversions === undefined && cap.payout === undefined
    ? [problem('cap', 'one_of', 'a cap limits `conversions`, `payout` or both')]
    : []),
];

const patternProblems = (path: string, pattern: string | null): SettingsProblem[] =>
  pattern === null || compileAnswerPattern(pattern) !== null
    ? []
    : [problem(path, 'pattern_invalid', 'is not a regular expression of RE2 (no look-ahead, no back-reference)')];

/** Replaces a stored secret that an editor saved as it was shown: it was checked when it was first
 * saved. */
export const keptSecret = 'kept';

/** Node reads anything as base64, and would sign with a key of no bytes. */
const signingProblems = (signing: DestinationSettings['signing']): SettingsProblem[] => {
  if (signing?.kind !== 'standard-webhooks') return [];
  return signing.secrets.flatMap((secret, index) => {
    const isSecret = !secret.startsWith('whsec_') || /^whsec_[A-Za-z0-9+/]{2,}={0,2}$/.test(secret);
    const message = 'must be base64 after `whsec_`';
    return isSecret ? [] : [problem(`destination.signing.secrets.${index}`, 'secret_invalid', message)];
  });
};

/** A pair that cannot be read would break every connection, not the saving. */
const certificateProblems = (pair: DestinationSettings['clientCertificate']): SettingsProblem[] => {
  if (!pair) return [];
  const at = 'destination.clientCertificate';
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pair.cert);
  } catch {
    return [problem(`${at}.cert`, 'certificate_invalid', 'is not a certificate in PEM')];
  }
  if (pair.key === keptSecret) return chainProblems(at, { cert: pair.cert });
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key)))
      return [problem(`${at}.key`, 'key_invalid', 'is not the key of the certificate')];
  } catch {
    return [problem(`${at}.key`, 'key_invalid', 'is not a private key in PEM without a password')];
  }
  return chainProblems(at, pair);
};

/** What TLS itself makes of it: a chain that is broken behind its first certificate, a key that is
 * too short for it. */
const chainProblems = (at: string, pair: { cert: string; key?: string }): SettingsProblem[] => {
  try {
    createSecureContext(pair);
    return [];
  } catch (thrown) {
    const why = thrown instanceof Error ? /[^:]+$/.exec(thrown.message)?.[0] : undefined;
    return [problem(`${at}.cert`, 'certificate_invalid', `cannot be used for TLS: ${why ?? 'no reason given'}`)];
  }
};

/** What is weak about a network's settings, though they can be saved. */
export const networkWarningsOf = ({ security, params }: NetworkSettings): NetworkWarning[] => {
  const covered = fieldsCovered(security, params);
  if (!covered || covered.has('amount') || covered.has('saleAmount') || covered.has('clickId')) return [];
  return [
    {
      severity: 'warning',
      where: 'security.signature.template',
      code: 'signature_covers_little',
      text: [...covered].join(', '),
      message:
        'the signature covers neither the amount nor the click id: a call that was seen once can be sent again with ' +
        'another amount or click',
      suggestion: 'sign the whole {query} or {body}, if the network can',
    },
  ];
};
export type NetworkWarning = Omit<LintFinding, 'code'> & { code: 'signature_covers_little' };

/** What the linter finds in a stored destination. A warning never prevents saving: a token that a
 * campaign's source lacks is only a warning, because the source may get it later. */
export const warningsOf = (destination: DestinationSettings | null, context: LintContext): LintFinding[] => {
  if (!destination) return [];
  // The linter must not see a sealed secret: it would report it as a leftover.
  const plain = changeDestination(destination, () => keptSecret);
  return lintDestination(plain, context).map((finding) => ({
    ...finding,
    text: finding.text.replaceAll(`=${keptSecret}`, `=${redacted}`),
    where: `destination.${finding.where}`,
  }));
};

/** @param tokens the names that the source's click link carries; null: not known here. */
const destinationProblems = (destination: DestinationSettings | null, tokens: string[] | null): SettingsProblem[] => {
  if (!destination) return [];
  const { successWhen, retryWhen } = destination;
  return [
    ...lintDestination(destination, { tokens })
      .filter(({ severity }) => severity === 'error')
      .map((finding) => templateProblem(`destination.${finding.where}`, finding)),
    ...signingProblems(destination.signing),
    ...certificateProblems(destination.clientCertificate),
    ...patternProblems('destination.successWhen.bodyMatches', successWhen.bodyMatches),
    ...patternProblems('destination.successWhen.bodyMustNotMatch', successWhen.bodyMustNotMatch),
    ...patternProblems('destination.retryWhen.bodyMatches', retryWhen.bodyMatches),
  ];
};

const sourceProblems = ({ cost, destination, tokens }: SourceSettings): SettingsProblem[] => [
  ...(cost.model !== 'none' && cost.param === null && cost.amount === null
    ? [problem('cost', 'one_of', 'a cost comes from a `param` of the click link or is a fixed `amount`')]
    : []),
  ...destinationProblems(destination, Object.keys(tokens)),
];

const campaignProblems = ({ offers, destination }: CampaignSettings): SettingsProblem[] => {
  const keys = offers.map(({ offerKey }) => offerKey);
  return [
    ...keys.flatMap((key, index) =>
      keys.indexOf(key) === index ? [] : [problem(`offers.${index}.offerKey`, 'repeated', `${key} is listed twice`)],
    ),
    ...(offers.every(({ weight }) => weight === 0)
      ? [problem('offers', 'weights_zero', 'at least one offer needs a weight above 0')]
      : []),
    ...destinationProblems(destination, null),
  ];
};

/** Fields that need each other or exclude each other. Empty: the settings may be saved. */
export const problemsOf = <Kind extends CatalogKind>(kind: Kind, settings: SettingsOf[Kind]): SettingsProblem[] => {
  if (kind === 'network') return networkProblems(settings as NetworkSettings);
  if (kind === 'source') return sourceProblems(settings as SourceSettings);
  if (kind === 'offer') return offerProblems(settings as OfferSettings);
  return campaignProblems(settings as CampaignSettings);
};
