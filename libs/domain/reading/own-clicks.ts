import type { OwnClickId } from '../click-id/click-id.js';
import type { Parameter } from './parameters.js';

/** Our own click ids wherever they stand in a call: the MAC makes a mistake impossible, so a template with any parameter name works. */

/** Answers what our own click id says, null for any other text: `(text) => readClickId(text, secrets)`. */
export type RecogniseClickId = (text: string) => OwnClickId | null;

/** Parameters that hold one of our own click ids, and what it says. */
export type OwnClicks = Map<Parameter, OwnClickId>;

const length = 32;
const longest = 2_000;
/** A word of the outer form of a click id, inside something else: `{k…}` where the braces of the template were doubled, quotes,
 *  `k…_7`, or whatever a broken separator left behind it. */
const inside = /(?<![0-9A-Za-z])[kK][0-9A-Za-z]{31}(?![0-9A-Za-z])/g;

export const findOwnClicks = (list: readonly Parameter[], recognise: RecogniseClickId): OwnClicks => {
  const own: OwnClicks = new Map();
  for (const parameter of list) {
    if (parameter.value.length < length || parameter.value.length > length + 8) continue;
    const found = recognise(parameter.value.trim());
    if (found) own.set(parameter, found);
  }
  return own.size > 0 ? own : findInside(list, recognise);
};

/** Looked for only where none stands alone, so that an address with a click id in it outweighs nothing. */
const findInside = (list: readonly Parameter[], recognise: RecogniseClickId): OwnClicks => {
  const own: OwnClicks = new Map();
  for (const parameter of list) {
    if (parameter.value.length <= length || parameter.value.length > longest) continue;
    for (const [word] of parameter.value.matchAll(inside)) {
      const found = recognise(word);
      if (found) own.set(parameter, found);
      if (found) break;
    }
  }
  return own;
};

/** Whether a parameter with one of our click ids says nothing else: no letter and no digit beside it. `k…-2` as a transaction id is an
 *  id of its own, `"k…"` is an echo. */
export const isOnlyClickId = (parameter: Parameter): boolean =>
  parameter.value.length === length || !/[0-9A-Za-z]/.test(parameter.value.replace(inside, ''));
