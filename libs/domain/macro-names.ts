import { macrosOf, type MacroUse } from './macro.js';
import type { TemplateProblem } from './template-problem.js';

/** Which macros exist where. The same word means the same everywhere but one: `{click_id}` is OUR click id in an offer URL, because the
 *  network gives it back to us, and THE SOURCE'S id in a destination, because the ad network knows only its own.
 *  `{token.<name>}` is a value that came in the click link, by the source's `tokens`. */

export const offerMacros = ['click_id', 'external_id', 'campaign', 'offer', 'source', 'network', 'time'] as const;

export const destinationMacros = [
  /** The source's own id of the click; `external_id` is another word for it. */
  'click_id',
  'external_id',
  'carom_click_id',
  /** The conversion's money in the destination's currency and scale: three words for one thing. */
  'value',
  'conversion_value',
  'payout',
  /** The currency of the value. */
  'currency',
  /** The conversion's money in its own currency, without the destination's scale. */
  'amount',
  'amount_currency',
  'transaction_id',
  'status',
  'previous_status',
  'event',
  'campaign',
  'offer',
  'source',
  'network',
  /** When the conversion occurred, and not before its click; `now` is when the call is made, `click_time` when the click was. */
  'time',
  'click_time',
  'now',
  'delivery_id',
  'conversion_id',
  'ip',
  'user_agent',
  /** Only where the destination signs by HMAC: the signature of its signing template. */
  'signature',
] as const;

export type DestinationMacro = (typeof destinationMacros)[number];

export type MacroVocabulary = {
  names: readonly string[];
  /** The source's token names; null: not known here, every name passes. */
  tokens: readonly string[] | null;
  /** The names under which the destination keeps secrets. */
  secrets?: readonly string[];
};

/** `{secret.<name>}` stands for what the destination keeps under that name: a constant that is sealed where it is stored, and hidden wherever a
 *  call is shown. For credentials that no parameter's name tells of, as in the path of a URL. */
const secretPrefix = 'secret.';
export const secretNameOf = (macro: string): string | null =>
  macro.startsWith(secretPrefix) ? macro.slice(secretPrefix.length) : null;

/** Words of other trackers and networks for what is meant. */
const synonyms: Record<string, string> = {
  clickid: 'click_id',
  cid: 'click_id',
  subid: 'click_id',
  externalid: 'click_id',
  ref_id: 'click_id',
  ext: 'click_id',
  txid: 'transaction_id',
  tid: 'transaction_id',
  txn_id: 'transaction_id',
  order_id: 'transaction_id',
  transactionid: 'transaction_id',
  sum: 'value',
  revenue: 'value',
  conversion_revenue: 'value',
  price: 'value',
  cost: 'value',
  et: 'event',
  event_name: 'event',
  goal: 'event',
  conversion_type: 'event',
  timestamp: 'time',
  date: 'time',
  campaign_id: 'campaign',
  offer_id: 'offer',
  ua: 'user_agent',
  useragent: 'user_agent',
};

/** How many letters must change to make one word of another. */
const distance = (from: string, to: string): number => {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? to.length;
};

const nearest = (name: string, candidates: readonly string[]): string | null => {
  const plain = name.toLowerCase().replace(/-/g, '_');
  if (candidates.includes(plain)) return plain;
  const meant = synonyms[plain];
  if (meant !== undefined && candidates.includes(meant)) return meant;
  const close = candidates
    .map((candidate) => ({ candidate, far: distance(plain, candidate) }))
    .sort((a, b) => a.far - b.far)[0];
  return close && close.far <= Math.max(1, Math.floor(plain.length / 4)) ? close.candidate : null;
};

/** Names that do not exist, each with what was probably meant. */
export const unknownMacros = (uses: readonly MacroUse[], vocabulary: MacroVocabulary): TemplateProblem[] =>
  uses.flatMap((use): TemplateProblem[] => {
    if (use.name.startsWith('token.')) {
      const token = use.name.slice('token.'.length);
      if (vocabulary.tokens === null || vocabulary.tokens.includes(token)) return [];
      const meant = nearest(token, vocabulary.tokens);
      const message = `the source has no token "${token}"`;
      return [{ code: 'token_unknown', text: use.text, message, suggestion: meant && `{token.${meant}}` }];
    }
    const secret = secretNameOf(use.name);
    if (secret !== null && vocabulary.secrets) {
      if (vocabulary.secrets.includes(secret)) return [];
      const meant = nearest(secret, vocabulary.secrets);
      const message = `the destination keeps no secret "${secret}"`;
      return [{ code: 'secret_unknown', text: use.text, message, suggestion: meant && `{${secretPrefix}${meant}}` }];
    }
    if (vocabulary.names.includes(use.name)) return [];
    const meant = nearest(use.name, vocabulary.names);
    const ofToken = meant === null && vocabulary.tokens?.includes(use.name) ? `{token.${use.name}}` : null;
    const message = `there is no macro {${use.name}} here`;
    return [{ code: 'macro_unknown', text: use.text, message, suggestion: meant ? `{${meant}}` : ofToken }];
  });

/** The same for a whole text. */
export const unknownMacrosIn = (text: string, vocabulary: MacroVocabulary): TemplateProblem[] =>
  unknownMacros(macrosOf(text), vocabulary);
