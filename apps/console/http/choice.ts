import type { Choice, TokenChoice } from '#postgres';
import { z } from 'zod';

/** The text of a list filter: values separated by commas, `!` in front for all but these,
 *  nothing for "has none". A comma, an exclamation mark or a backslash that belongs to a value
 *  has a backslash in front. */

const maxValues = 100;
const maxFilterCharacters = 10_000;

const parts = (text: string): { value: string; not: boolean }[] => {
  const found = [{ value: '', not: false }];
  let isStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const last = found.at(-1) as { value: string; not: boolean };
    const character = text[at] as string;
    if (character === ',') {
      found.push({ value: '', not: false });
      isStart = true;
      continue;
    }
    if (character === '!' && isStart) last.not = true;
    else if (character === '\\' && at + 1 < text.length) last.value += text[(at += 1)] as string;
    else last.value += character;
    isStart = false;
  }
  return found;
};

/** Null: the text includes some values and excludes others; one of the two is enough. */
export const readChoice = (text: string): Choice | null => {
  const values = parts(text);
  const [first] = values;
  const isUniform = values.slice(1).every(({ not }) => !not || first?.not === true);
  return isUniform ? { not: first?.not === true, values: values.map(({ value }) => value) } : null;
};

const escaped = (value: string): string => value.replace(/[\\,]/g, '\\$&').replace(/^!/, '\\!');

/** The text that `readChoice` reads as this choice. */
export const writeChoice = ({ not, values }: Choice): string =>
  `${not ? '!' : ''}${values.map((value) => escaped(value)).join(',')}`;

const filterText = z.string().max(maxFilterCharacters);
const mixed = 'either lets values through (a,b) or keeps them out (!a,b)';

/** One value as a pattern, for the document; null: any text. */
const valuePattern = (schema: z.ZodType): string | null => {
  const { enum: values, pattern } = z.toJSONSchema(schema, { io: 'input' });
  if (values) return values.map((value) => String(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return pattern === undefined ? null : pattern.replace(/^\^|\$$/g, '');
};

/** The form of a whole filter, for the document. */
const filterPattern = (schema: z.ZodType, none: boolean): { pattern?: string } => {
  const value = valuePattern(schema);
  if (value === null) return {};
  const each = `(?:${value})${none ? '?' : ''}`;
  return { pattern: `^!?${each}(?:,${each})*$` };
};

/** The form of a list of one to five of these, for the document. @param values alternatives */
export const listPattern = (values: string): string => `^(?:${values})(?:,(?:${values})){0,4}$`;

/** A filter of which each value is held to a schema. @param none whether an empty value, for
 *  "has none", makes sense. */
export const choiceOf = <Value extends string>(schema: z.ZodType<Value>, { none = false } = {}) =>
  filterText
    .transform((text, context): Choice<Value> => {
      const choice = readChoice(text);
      const problem = (message: string) => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      if (!choice) return problem(mixed);
      if (choice.values.length > maxValues) return problem(`takes at most ${maxValues} values`);
      for (const value of choice.values) {
        if (value === '' && none) continue;
        const read = schema.safeParse(value);
        if (!read.success)
          return problem(`"${value.slice(0, 100)}": ${read.error.issues[0]?.message ?? 'not allowed'}`);
      }
      return choice as Choice<Value>;
    })
    .optional()
    .meta(filterPattern(schema, none));

/** Keys of the catalog. */
export const keys = choiceOf(z.string().max(63), { none: true });
/** Texts of networks and sources. */
export const texts = (maxLength: number) => choiceOf(z.string().max(maxLength), { none: true });
export const uuids = choiceOf(z.uuid());

const tokenText = z.string().regex(/^[a-zA-Z0-9_]{1,40}:.{0,500}$/s, 'a name and a value such as zone:771');

/** `zone:771,zone:772,creative:b`: values of one name are alternatives, names must hold
 *  together. `zone:` is for clicks without that token, and a `!` in front is for one pair. */
export const tokens = filterText
  .transform((text, context): TokenChoice[] => {
    const pairs = parts(text).map(({ value, not }) => {
      const at = value.indexOf(':');
      return { pair: value, name: value.slice(0, at), value: value.slice(at + 1), not };
    });
    const wrong = pairs.find(({ pair }) => !tokenText.safeParse(pair).success);
    const byName = [...Map.groupBy(pairs, ({ name }) => name)];
    const message = wrong
      ? `"${wrong.pair.slice(0, 100)}" must be a name and a value such as zone:771`
      : byName.some(([, own]) => own.some(({ not }) => not !== own[0]?.not))
        ? mixed
        : null;
    if (message !== null || pairs.length > maxValues) {
      context.addIssue({ code: 'custom', message: message ?? `takes at most ${maxValues} values` });
      return z.NEVER;
    }
    return byName.map(([name, own]) => ({ name, not: own[0]?.not === true, values: own.map(({ value }) => value) }));
  })
  .optional()
  .meta({ pattern: '^!?[a-zA-Z0-9_]{1,40}:' });

export const writeTokens = (choices: readonly TokenChoice[]): string =>
  choices
    .flatMap(({ name, not, values }) => values.map((value) => `${not ? '!' : ''}${escaped(`${name}:${value}`)}`))
    .join(',');

/** `true` or `false`; no other word is one. */
export const yesOrNo = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
