import { RE2JS } from 're2js';

/** Patterns that people write and receivers are matched against. RE2, because JavaScript's own
 *  engine may need for ever for sixteen thousand characters and `(a+)+$`, and one destination's
 *  pattern would stop the calls of all others (P7). It knows no look-ahead and no back-reference.
 */
type AnswerPattern = (text: string) => boolean;

export const compileAnswerPattern = (pattern: string): AnswerPattern | null => {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch {
    return null;
  }
};

const known = new Map<string, AnswerPattern | null>();
const maxKnown = 1_000;

/** Null: it cannot be read. Compiled once per pattern: it is asked for at every answer. */
export const fitsPattern = (pattern: string, text: string): boolean | null => {
  let fits = known.get(pattern);
  if (fits === undefined) {
    fits = compileAnswerPattern(pattern);
    if (known.size >= maxKnown) known.clear();
    known.set(pattern, fits);
  }
  return fits && fits(text);
};
