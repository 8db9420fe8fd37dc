import type { OwnClickId } from '../click-id/click-id.js';
import type { Parameter } from './call/parameter.js';

/** Our own click ids in any parameter of a call: the MAC rules out mistakes, so a template with any
 *  parameter name works. */

/** Answers what our own click id says, null for any other text: `(text) => readClickId(text,
 *  secrets)`. */
export type RecogniseClickId = (text: string) => OwnClickId | null;

/** Parameters that hold one of our own click ids, and what it says. */
export type OwnClicks = Map<Parameter, OwnClickId>;

const length = 32;
const maxValueLength = 2_000;
/** Words of the right form that are tried per call; each costs a MAC. */
const maxTried = 50;
/** A word of the outer form of a click id inside something else: `{k…}` where the braces of the
 *  template were doubled, quotes, `k…_7`, or what a broken separator left behind it. */
const inside = /(?<![0-9A-Za-z])[kK][0-9A-Za-z]{31}(?![0-9A-Za-z])/g;

export const findOwnClicks = (list: readonly Parameter[], recognise: RecogniseClickId): OwnClicks => {
  const own: OwnClicks = new Map();
  let tried = 0;
  for (const parameter of list) {
    if (parameter.value.length < length || parameter.value.length > length + 8) continue;
    const found = recognise(parameter.value.trim());
    if (found) own.set(parameter, found);
    tried += 1;
    if (tried === maxTried) break;
  }
  return own.size > 0 ? own : findInside(list, recognise);
};

/** Looked for only where no value is a click id alone, so that a click id inside an address never
 *  outweighs one. */
const findInside = (list: readonly Parameter[], recognise: RecogniseClickId): OwnClicks => {
  const own: OwnClicks = new Map();
  let tried = 0;
  for (const parameter of list) {
    if (parameter.value.length <= length || parameter.value.length > maxValueLength) continue;
    for (const [word] of parameter.value.matchAll(inside)) {
      const found = recognise(word);
      if (found) own.set(parameter, found);
      tried += 1;
      if (found || tried === maxTried) break;
    }
    if (tried === maxTried) break;
  }
  return own;
};

/** Whether a parameter with one of our click ids says nothing else: no letter and no digit beside
 *  it. `k…-2` as a transaction id is an id of its own, `"k…"` is an echo. */
export const isOnlyClickId = (parameter: Parameter): boolean =>
  parameter.value.length === length || !/[0-9A-Za-z]/.test(parameter.value.replace(inside, ''));
