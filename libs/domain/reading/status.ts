import type { StatusMeaning } from '../settings.js';

/** Words by which networks say what became of a conversion. The common vocabulary holds only words
 *  that mean the same at every network. The network's own map always wins, and is needed for: -
 *  bare numbers and single letters: 2 is pending at Affise, a sale at Traffic Light; - `lead`:
 *  pending almost everywhere, approved at AdCombo; - `accept`, `accepted`: pending at Terraleads
 *  and Actionpay, approved at CPA.house. */

const vocabulary: Record<StatusMeaning, string> = {
  pending:
    'pending hold on_hold onhold held lead_hold wait waiting new created create in_progress processing process expect pre_approved requested open unconfirmed awaiting in_review',
  approved:
    'approved approve confirm confirmed sale success successful succeeded paid payed valid billed kval qualified conversion_accepted completed complete rebill upsell bill locked cleared purchase on_payment',
  rejected:
    'rejected reject decline declined cancel cancelled canceled trash trashed invalid fail failure failed duplicate double spam fake error denied disapproved not_approved void voided',
  reversed:
    'reversed reverse reversal refund refunded on_refund rfnd chargeback charged_back on_chargeback cgbk return returned',
  ignored: 'ping order_impression on_payment_missed on_rebill_cancelled on_rebill_resumed',
  test: 'test test_sale test_rfnd test_bill test_cgbk',
};

const common = new Map<string, StatusMeaning>();
for (const [meaning, words] of Object.entries(vocabulary) as [StatusMeaning, string][])
  for (const word of words.split(' ')) common.set(word, meaning);

const normal = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** One compiled form per map: every call needs it, and settings change rarely. */
const compiled = new WeakMap<object, Map<string, unknown>>();
const compile = <Value>(map: Record<string, Value>): Map<string, Value> => {
  let ready = compiled.get(map) as Map<string, Value> | undefined;
  if (!ready) {
    ready = new Map(Object.entries(map).map(([word, value]) => [normal(word), value]));
    compiled.set(map, ready);
  }
  return ready;
};

/** Looks a word up in a network's own map: as written first (`P` and `p` may differ), then ignoring
 *  case and spaces. */
const lookUpWord = <Value>(word: string, map: Record<string, Value>): Value | undefined => {
  const exact = word.trim();
  if (Object.hasOwn(map, exact)) return map[exact];
  return compile(map).get(normal(word));
};

/** The meaning of a status word. Null: neither the network's map nor the common vocabulary has it
 *  (rule 7). */
export const readStatus = (word: string, statusMap: Record<string, StatusMeaning>): StatusMeaning | null =>
  lookUpWord(word, statusMap) ?? common.get(normal(word)) ?? null;

/** An event's name: the network's map, else the word itself in lower case. */
export const readEvent = (word: string, eventMap: Record<string, string>): string =>
  lookUpWord(word, eventMap) ?? word.trim().toLowerCase();
