import { decodePercent } from './call/text.js';

/** Values that say "the network did not substitute its macro". They count as missing: stored as an
 *  id, all conversions of the network would share one key. Shapes: the delimiters of some forty
 *  platforms. */

const inner = '[^{}\\[\\]"]{1,100}';

/** Delimiters that no real id or amount contains: looked for anywhere in the value. */
const anywhere = new RegExp(
  [
    `[$#%]?\\{{1,3}[!$%]?${inner}[!%]?\\}{1,3}`, //  {x} {{x}} ${x} #{a.b} %{x} {$x} {!x!} {%X%}
    '#{2,3}[^#\\s]{1,100}#{2,3}', //                 ##X## ###X###
    '!!![A-Za-z]\\w{0,99}!!!', //                    !!!x!!!
    '\\[{2,3}[^\\[\\]]{1,100}\\]{2,3}', //           [[x]] [[[x]]]
  ].join('|'),
  'g',
);

/** Delimiters that a real value could hold by accident: only when they enclose all of it. */
const whole = new RegExp(
  `^(?:${[
    '\\[(?:[=%+:])?[A-Za-z_][^\\[\\]]{0,100}\\]', // [x] [=x=] [%A:B%] [+x+] [:x:]
    '(?:#[A-Za-z_][^#\\s]{0,100}#)+', //            #x#  and CAKE's joined #s2##s3#
    '%[A-Za-z_][\\w.:-]{0,100}%', //                %x%
    '<[A-Za-z_][\\w.:-]{0,100}>', //                <x>
    '__[A-Za-z][A-Za-z0-9_]{0,100}__', //           __X__
    '\\([A-Z]_[A-Z_]{1,100}\\)', //                 (S_X)
    '-[a-z][a-z_]{1,60}-', //                       -x-
    'xx[a-z0-9_]{1,60}xx', //                       xxNAMExx
  ].join('|')})$`,
);

/** Placeholders that people leave in a template, as the whole value, in any case. */
const leftover =
  /^\W?(?:replace(?:[_ -]?me)?|x{3,}|optional|required|insert[_ -].{1,60}|your[_ -].{1,60}|.{1,60}[_ -]here|.{0,60}placeholder|macro|value|bid_cost)\W?$/i;

/** Names of macros, bare: `payout=amount`, `cid=CLICK_ID`. Only for fields where a word is never a
 *  value (ids, amounts, currency). */
const macroNames = new Set(
  (
    'clickid click_id cid subid sub_id sub1 aff_sub externalid external_id visitor_id transactionid transaction_id txid tid txn_id ' +
    'orderid order_id conversion_id conversionid leadid lead_id payout amount sum revenue price payment commission money profit cost ' +
    'income currency status event goal xx'
  ).split(' '),
);

const isOf = (text: string, word: boolean): boolean => {
  if (whole.test(text) || leftover.test(text)) return true;
  anywhere.lastIndex = 0;
  if (anywhere.test(text)) return true;
  return word && macroNames.has(text.toLowerCase());
};

/** Several macros in one value fit; a longer text is a value of its own. */
const maxMacroLength = 1_000;

/** Whether a value is what is left of a macro that was not replaced: as decoded, raw (`%CAMPAIGN%`
 *  has an escape in it by accident), or encoded once more (`%257Bsub1%257D`). `name`: its
 *  parameter, because `payout=payout` is one too. `wordsToo`: the field never holds a plain word,
 *  so names of macros are leftovers there. */
export const isUnreplacedMacro = (value: { text: string; raw: string; name: string }, wordsToo: boolean): boolean => {
  const text = value.text.trim();
  if (text === '' || text.length > maxMacroLength || plainValue.test(text) || (text.length >= 20 && longId.test(text)))
    return false;
  if (text.length > 1 && text.toLowerCase() === value.name.toLowerCase()) return true;
  if (isOf(text, wordsToo)) return true;
  if (value.raw !== value.text && value.raw.length <= maxMacroLength && whole.test(value.raw.trim())) return true;
  return text.includes('%') && isOf(decodePercent(text).trim(), wordsToo);
};

/** The quick way out for nearly every real value: a digit first, then nothing but letters, digits
 *  and marks of numbers and times. */
const plainValue = /^\d[\w.:,-]*$/;
/** An id of letters and digits: no name of a macro has a digit early and nothing but letters and
 *  digits for so long. */
const longId = /^[A-Za-z]{0,12}\d[0-9A-Za-z]*$/;

/** What is left of a value when the macros in it are taken out: `12.5,##RS_AMOUNT##` → `12.5,`. */
export const withoutMacros = (text: string): string =>
  text.length > maxMacroLength ? text : text.replace(anywhere, '');

const emptyWords = new Set([
  '',
  '-',
  '--',
  'null',
  '(null)',
  '[null]',
  'nil',
  'none',
  'undefined',
  'nan',
  'n/a',
  'na',
  'empty',
  'unknown',
]);

/** Words that mean "nothing" in every field. */
export const isEmptyWord = (text: string): boolean => emptyWords.has(text.trim().toLowerCase());

const noId = /^(?:-1|false|0{1,40}(?:[-.]0{1,40}){0,10})$/i;

/** What networks send as an id when they have none: each of these has been seen as a transaction
 *  id. */
export const isNoId = (text: string): boolean => isEmptyWord(text) || noId.test(text.trim());
