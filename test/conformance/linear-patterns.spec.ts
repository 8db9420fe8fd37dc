import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Regular expressions that see what callers send must cost no more than the length of the text. A
 * pattern with two unbounded repetitions can try every split of a text between them (quadratic),
 * and one that is neither anchored nor at the end is tried again from every character. */

const folders = ['libs/domain/reading', 'apps/ingest'];

/** `*`, `+` and `{n,}` outside of character classes, by their places. */
const unboundedIn = (pattern: string): number[] => {
  const places: number[] = [];
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '\\') index += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '*' || character === '+') places.push(index);
    else if (/^\{\d+,\}/.test(pattern.slice(index, index + 8))) places.push(index);
  }
  return places;
};

/** Why a pattern is not linear; null: it is. */
const fault = (pattern: string): string | null => {
  const places = unboundedIn(pattern);
  if (places.length > 1) return 'has two unbounded repetitions';
  const [only] = places;
  if (only === undefined || pattern.startsWith('^')) return null;
  const isOneClass = /^(?:\[[^\]]+\]|\\.)[*+]$/.test(pattern);
  const isLast = /^[*+)]+$/.test(pattern.slice(only));
  return isOneClass || isLast ? null : 'has an unbounded repetition that begins at every character';
};

/** The literals of a file, and the texts of which it makes a RegExp. */
const patternsOf = (file: string): string[] => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const textsIn = (node: ts.Node): string => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) return node.text;
    let text = '';
    ts.forEachChild(node, (child) => void (text += textsIn(child)));
    return text;
  };
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral)
      found.push(node.getText(source).replace(/^\/(.*)\/[a-z]*$/s, '$1'));
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'RegExp')
      found.push((node.arguments ?? []).slice(0, 1).map(textsIn).join(''));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => join(folder, name)),
);

describe('a regular expression that sees what callers send', () => {
  it('is linear in every file of the edge', () => {
    const faults = files.flatMap((file) =>
      patternsOf(file).flatMap((pattern) => (fault(pattern) ? [`${file}: /${pattern}/ ${fault(pattern)}`] : [])),
    );
    expect(faults).toEqual([]);
    expect(files.flatMap(patternsOf).length).toBeGreaterThan(30);
  });

  it.each([
    ['(\\S*[\\x80-\\xff]\\S*)', true],
    ['disposition:[^\\r\\n]*;\\s*name=', true],
    ['\\s+$', true],
    ['^(?:a+)+$', true],
    ['a{2,}b{1,}', true],
    ['[\\s-]+', false],
    ['^[^?]*\\?', false],
    ['[?&]key=[^&]*', false],
    ['[*+]{1,3}', false],
  ])('%s is caught: %s', (pattern, isCaught) => expect(fault(pattern) !== null).toBe(isCaught));
});
