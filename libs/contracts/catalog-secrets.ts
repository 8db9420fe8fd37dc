import { decodePercent, filteredSecrets, percentEncode } from '#domain';
import type {
  CampaignSettings,
  CatalogEntryV1,
  CatalogKind,
  DestinationSettings,
  NetworkSettings,
  OfferSettings,
  SourceSettings,
} from './catalog.v1.js';

/** The catalog's secrets, in one list: what is sealed in Postgres and on the topic, and redacted
 *  wherever a body is shown. A network's tokens are not among them, because editors see them and
 *  the topic does not: `network-tokens.ts` has them. */

/** `path` is the place of the secret (`destination.signing.secret`), so that an old secret can be
 *  matched with the new one. */
type Change = (secret: string, path: string) => string;
/** Settings as they come in a body, or with what console adds. */
export type CatalogValue = NetworkSettings | SourceSettings | OfferSettings | CampaignSettings;

/** Headers that carry a credential by their name; other headers are constants of the ad network's
 *  documentation. */
const secretHeader =
  /auth|cookie|secret|token|passw|credential|(?:api|access|private|subscription|client|app|x)[-_]?key|^key$/i;

const changeHeaders = (headers: Record<string, string>, change: Change, path: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeader.test(name) ? change(value, `${path}.${name.toLowerCase()}`) : value,
    ]),
  );

/** Parameters and JSON members whose name says that they carry a credential. Only constants count:
 *  `key` may also hold a click id, but that comes from a macro. A credential in the path of a URL
 *  has no name and looks like an account's number: `{secret.<name>}` is for that. */
const secretName = [
  String.raw`[\w.-]*(?:secret|passw|credential|(?:api|access|auth|private)[_-]?(?:key|token))[\w.-]*`,
  'auth|authorization|skey|key|token|pwd|pass',
].join('|');
const inQuery = new RegExp(String.raw`((?:^|[?&])(${secretName})=)([^&{}#]+)(?=[&#]|$)`, 'gi');
const inJson = new RegExp(String.raw`("(${secretName})"\s*:\s*")((?:[^"\\{}]|\\.)+)(?=")`, 'gi');

const changeText = (text: string, pattern: RegExp, change: Change, path: string): string => {
  const seen = new Map<string, number>();
  return text.replace(pattern, (_whole, before: string, name: string, secret: string) => {
    const place = `${path}.${name.toLowerCase()}`;
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    return before + change(secret, count === 1 ? place : `${place}.${count}`);
  });
};

type Template = Pick<DestinationSettings, 'url' | 'headers' | 'body'>;
const changeTemplate = <T extends Template>(template: T, change: Change, path: string): T => ({
  ...template,
  url: changeText(template.url, inQuery, change, `${path}.url`),
  headers: changeHeaders(template.headers, change, `${path}.headers`),
  body:
    template.body === null
      ? null
      : changeText(template.body, /^\s*[{[]/.test(template.body) ? inJson : inQuery, change, `${path}.body`),
});

/** The secrets in a URL's template, each with its parameter's name. They are hidden where a URL
 *  that was made of the template is shown. */
export const secretsInUrl = (template: string): (readonly [name: string, secret: string])[] =>
  [...template.matchAll(inQuery)].map(([, name = '', , secret = '']) => [name, secret]);

const changeSigning = (signing: DestinationSettings['signing'], change: Change): DestinationSettings['signing'] => {
  if (!signing) return signing;
  return signing.kind === 'hmac'
    ? { ...signing, secret: change(signing.secret, 'destination.signing.secret') }
    : {
        ...signing,
        secrets: signing.secrets.map((secret, index) => change(secret, `destination.signing.secrets.${index}`)),
      };
};

/** A copy of a destination in which every secret has been put through `change`. */
export const changeDestination = (destination: DestinationSettings, change: Change): DestinationSettings => ({
  ...changeTemplate(destination, change, 'destination'),
  signing: changeSigning(destination.signing, change),
  secrets: Object.fromEntries(
    Object.entries(destination.secrets).map(([name, value]) => [name, change(value, `destination.secrets.${name}`)]),
  ),
  onReversal: destination.onReversal && changeTemplate(destination.onReversal, change, 'destination.onReversal'),
  onRestatement:
    destination.onRestatement && changeTemplate(destination.onRestatement, change, 'destination.onRestatement'),
  clientCertificate: destination.clientCertificate && {
    ...destination.clientCertificate,
    key: change(destination.clientCertificate.key, 'destination.clientCertificate.key'),
  },
});

/** A copy of a catalog value in which every secret has been put through `change`: sealing,
 *  opening or redacting. */
export const mapCatalogSecrets = <V extends CatalogValue>(kind: CatalogKind, value: V, change: Change): V => {
  if (kind === 'network' && 'security' in value) {
    const { secret, signature, hmac } = value.security;
    return {
      ...value,
      security: {
        ...value.security,
        secret: secret && { ...secret, value: change(secret.value, 'security.secret.value') },
        signature: signature && { ...signature, secret: change(signature.secret, 'security.signature.secret') },
        hmac: hmac && { ...hmac, secret: change(hmac.secret, 'security.hmac.secret') },
      },
    };
  }
  if ('destination' in value && value.destination)
    return { ...value, destination: changeDestination(value.destination, change) };
  return value;
};

/** A destination's secrets as stored, as their macros write them, and as a receiver may spell them.
 *  They are hidden in an answer that is shown, because a receiver may echo them. The longest come
 *  first, because one may be the beginning of another. */
export const destinationSecrets = (destination: DestinationSettings): string[] => {
  const found: string[] = [];
  changeDestination(destination, (secret) => {
    // `Bearer abc`: the credential is what follows the scheme.
    found.push(secret.replace(/^[A-Za-z]+ /, ''));
    return secret;
  });
  const templates = [destination, destination.onReversal, destination.onRestatement].filter((each) => each !== null);
  found.push(...templates.flatMap((template) => filteredSecrets(template, destination.secrets)));
  return [...new Set(found.flatMap(spellingsOf))]
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length);
};

/** A receiver says back what it was sent as it came, as it has read it, or inside JSON, where
 *  many write `\/` for a slash. Most secrets have one spelling only. */
const spellingsOf = (secret: string): string[] => {
  const read = secret.includes('%') ? [secret, decodePercent(secret)] : [secret];
  const written = read.flatMap((text) => {
    const once = percentEncode(text);
    return [text, once, percentEncode(once), encodeURIComponent(text.toWellFormed())];
  });
  return written.flatMap((text) => {
    const inJson = JSON.stringify(text).slice(1, -1);
    return [text, inJson, inJson.replaceAll('/', '\\/')];
  });
};

/** What a receiver said, without what it was sent: those that refuse a call often say it back. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string => {
  let rest = text;
  // By length first: most texts are headers of every call, and shorter than any secret.
  for (const secret of secrets) if (secret.length <= rest.length) rest = rest.replaceAll(secret, '***');
  return rest;
};

/** What a secret of an entry is sealed for, so that it opens nowhere else. */
export const entryNameOf = (kind: CatalogKind, key: string): string => `${kind}:${key}`;

/** An entry from the topic with its secrets readable: what a service does with the entries whose
 *  secrets it uses. `open` gives back what is not sealed as it is. Throws what `open` throws (a key
 *  that CAROM_SECRET does not hold). */
export const openCatalogEntry = (
  entry: CatalogEntryV1,
  open: (text: string, entryName: string) => string,
): CatalogEntryV1 => {
  if (entry.value === null) return entry;
  const name = entryNameOf(entry.kind, entry.key);
  return { ...entry, value: mapCatalogSecrets(entry.kind, entry.value, (text) => open(text, name)) } as CatalogEntryV1;
};
