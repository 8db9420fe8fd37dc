import { macrosOf, type MacroUse } from './macro-syntax.js';
import { nearestWord } from './nearest-word.js';
import type { TemplateProblem } from './template-problem.js';

/** Which macros exist where. The same word means the same everywhere but one: `{click_id}` is OUR
 *  click id in an offer URL, because the network gives it back to us, and THE SOURCE'S id in a
 *  destination, because the ad network knows only its own. `{token.<name>}` is a value that came in
 *  the click link, by the source's `tokens`. */

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
  /** When the conversion occurred, and not before its click; `now` is when the call is made,
   *  `click_time` when the click was. */
  'time',
  'click_time',
  /** Meta's name of the click, where Meta would take it. */
  'fbc',
  'now',
  'delivery_id',
  'conversion_id',
  'ip',
  'user_agent',
  /** Only where the destination signs by HMAC: the signature of its signing template. */
  'signature',
] as const;

export type DestinationMacro = (typeof destinationMacros)[number];

type MacroVocabulary = {
  names: readonly string[];
  /** The source's token names; null: not known here, every name passes. */
  tokens: readonly string[] | null;
  /** The names under which the destination keeps secrets. */
  secrets?: readonly string[];
};

/** `{secret.<name>}` is replaced by what the destination keeps under that name: a constant that is
 *  sealed where it is stored, and hidden wherever a call is shown. For credentials that no
 *  parameter's name gives away, as in the path of a URL. */
const secretPrefix = 'secret.';
export const secretNameOf = (macro: string): string | null =>
  macro.startsWith(secretPrefix) ? macro.slice(secretPrefix.length) : null;

/** The value of `{token.<name>}`. Null: another macro, or a token that is not there. */
export const tokenOf = (tokens: Record<string, string>, macro: string): string | null =>
  macro.startsWith('token.') ? ownText(tokens, macro.slice('token.'.length)) : null;

/** People choose these names, and every object has a `constructor`, which is no text. */
export const ownText = (texts: Record<string, string>, name: string): string | null =>
  Object.hasOwn(texts, name) ? (texts[name] ?? null) : null;

/** Words of other trackers and networks for what is meant, by what is meant. Not `cost`: it is what
 *  a click cost, and no macro says that. */
const otherWords: Record<string, string> = {
  click_id:
    'clickid cid subid sub_id externalid visit_externalid visitor_id ref_id ext tscode gclid fbclid ttclid msclkid',
  transaction_id: 'transactionid txid tid txn_id xid orderid order_id',
  value: 'sum revenue conversion_revenue conversion_payout cnv_payout price',
  currency: 'currency_code payout_currency value_currency conversion_currency cnv_currency offer_currency',
  status: 'cnv_status conv_status conversion_status lead_status',
  event: 'et ct type event_name event_type goal goal_name conversion_type',
  time: 'timestamp date conversion_time conversion_date',
  click_time: 'click_date click_timestamp',
  campaign: 'campaignid campaign_id campaign_name',
  offer: 'offerid offer_id offer_name',
  source: 'source_name traffic_source traffic_source_name',
  ip: 'ip_address visitor_ip',
  user_agent: 'ua useragent',
};
const synonyms = new Map(
  Object.entries(otherWords).flatMap(([meant, words]) => words.split(' ').map((word) => [word, meant] as const)),
);

/** The macro that was probably meant by a name that is none: of ours in another case, a token of
 *  the source, another tracker's word, a slip. In this order, because a source's own `campaign_id`
 *  is no campaign of ours. */
export const meantMacro = (name: string, { names, tokens }: Omit<MacroVocabulary, 'secrets'>): string | null => {
  const plain = name.toLowerCase().replace(/[-.]/g, '_');
  const token = tokens?.find((each) => each === name) ?? tokens?.find((each) => plain === `token_${each}`);
  if (!names.includes(plain) && token !== undefined) return `{token.${token}}`;
  const meant = [plain, synonyms.get(plain)].find((word) => word !== undefined && names.includes(word));
  const found = meant ?? nearestWord(plain, names);
  return found === null ? null : `{${found}}`;
};

const nearestOf = (name: string, candidates: readonly string[]): string | null =>
  candidates.find((each) => each.toLowerCase() === name.toLowerCase()) ?? nearestWord(name, candidates);

/** Names that do not exist, each with what was probably meant. */
export const unknownMacros = (uses: readonly MacroUse[], vocabulary: MacroVocabulary): TemplateProblem[] =>
  uses.flatMap((use): TemplateProblem[] => {
    if (use.name.startsWith('token.')) {
      const token = use.name.slice('token.'.length);
      if (vocabulary.tokens === null || vocabulary.tokens.includes(token)) return [];
      const meant = nearestOf(token, vocabulary.tokens);
      const message = `the source has no token "${token}"`;
      return [{ code: 'token_unknown', text: use.text, message, suggestion: meant && `{token.${meant}}` }];
    }
    const secret = secretNameOf(use.name);
    if (secret !== null && vocabulary.secrets) {
      if (vocabulary.secrets.includes(secret)) return [];
      const meant = nearestOf(secret, vocabulary.secrets);
      const message = `the destination keeps no secret "${secret}"`;
      return [{ code: 'secret_unknown', text: use.text, message, suggestion: meant && `{${secretPrefix}${meant}}` }];
    }
    if (vocabulary.names.includes(use.name)) return [];
    const message = `there is no macro {${use.name}} here`;
    return [{ code: 'macro_unknown', text: use.text, message, suggestion: meantMacro(use.name, vocabulary) }];
  });

/** The same for a whole text. */
export const unknownMacrosIn = (text: string, vocabulary: MacroVocabulary): TemplateProblem[] =>
  unknownMacros(macrosOf(text), vocabulary);
