import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { lineAt, walk, type Source } from './sources.js';

/** The language of the house: words that are not used, and how long a comment may be. */

const words = [
  /told|tells|hear|heard|is worth|are worth|was worth|stands|whoever|somebody|nobody|anybody|anew|mend|mended|mends/,
  /hangs on|in place of|by heart|in the hands of|gone|letGo|of old|as a rule|so to speak|he|him|his/,
];
const banned = new RegExp(`\\b(${words.map(({ source }) => source).join('|')})\\b`, 'i');
const bannedName =
  /letGo|[hH]eard|[tT]old(?![a-z])|[wW]hoever|[sS]omebody|[nN]obody|[aA]nybody|[aA]new(?![a-z])|[mM]ended|^(most|least)[A-Z]/;

type Comment = { line: number; text: string; lines: string[] };

/** Comments of a file; `//` lines that follow each other are one comment. */
const commentsOf = (source: Source): Comment[] => {
  const ranges = new Map<number, ts.CommentRange>();
  walk(source, (node) => {
    for (const range of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [])
      ranges.set(range.pos, range);
    for (const range of ts.getTrailingCommentRanges(source.text, node.end) ?? []) ranges.set(range.pos, range);
  });
  const comments: (Comment & { end: number; single: boolean })[] = [];
  for (const { pos, end, kind } of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const single = kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const last = comments.at(-1);
    const text = source.text.slice(pos, end);
    const follows = last?.single === true && single && /^\s*$/.test(source.text.slice(last.end, pos));
    if (follows && last) {
      last.text += `\n${text}`;
      last.end = end;
    } else comments.push({ line: lineAt(source, pos), text, lines: [], end, single });
  }
  return comments.map(({ line, text, end }) => {
    const from = source.text.lastIndexOf('\n', end - text.length) + 1;
    return { line, text, lines: source.text.slice(from, end).split('\n') };
  });
};

const excerpt = (text: string, at: number): string => text.slice(Math.max(0, at - 40), at + 40).replace(/\s+/g, ' ');

const bannedIn = (text: string): string | null => {
  const found = banned.exec(text.replace(/`[^`]*`/g, 'x'));
  return found ? `"${found[0]}" in: ${excerpt(text, found.index)}` : null;
};

/** Banned words in comments, in the titles of tests, in sentences of the product, and in the names
 * that code declares. */
export const bannedWords = (source: Source): string[] => {
  const found: string[] = [];
  const say = (line: number, what: string | null): void => {
    if (what) found.push(`${source.file}:${line} ${what}`);
  };
  for (const { line, text } of commentsOf(source)) say(line, bannedIn(text));
  const isTest = /spec\.tsx?$/.test(source.file);
  walk(source, (node) => {
    const line = lineAt(source, node.getStart());
    if (isTest && ts.isCallExpression(node) && /^(it|describe|test)\b/.test(node.expression.getText()))
      say(line, bannedIn(node.arguments[0]?.getText() ?? ''));
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node);
    if (!isTest && (isText || ts.isTemplateTail(node)) && node.text.includes(' ')) say(line, bannedIn(node.text));
    const declares = ts.isIdentifier(node) && 'name' in node.parent && node.parent.name === node;
    // The keys of an object may be codes of the API, which keep their names.
    const isKey = declares && (ts.isPropertyAssignment(node.parent) || ts.isPropertyAccessExpression(node.parent));
    if (declares && !isKey && bannedName.test(node.text)) say(line, `the name ${node.text}`);
  });
  return found;
};

/** Lines of comments over 100 columns. */
export const wideComments = (source: Source): string[] =>
  commentsOf(source).flatMap(({ line, lines }) =>
    lines.flatMap((text, at) =>
      text.length > 100 && (at > 0 || /^\s*(\/\/|\/\*)/.test(text))
        ? [`${source.file}:${line + at} ${text.length} columns`]
        : [],
    ),
  );

const isListLine = (line: string): boolean => /^\s*(-|\d+\.|\||@)/.test(line);

/** Sentences of a comment; lines of a list, a table or a tag are not prose. */
const sentencesOf = (comment: string): string[] =>
  comment
    .replace(/^\s*(\/\*\*?|\*\/|\*|\/\/)\s?/gm, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .filter((line) => !isListLine(line))
    .join(' ')
    .replace(/`[^`]*`/g, 'x')
    .replace(/\b(e\.g|i\.e|etc|vs|approx)\./g, '$1')
    .split(/[.!?](?=\s+[A-Z"“(])/)
    .filter((sentence) => sentence.trim() !== '');

/** Comments of more than three sentences. The header of a pipeline's page may be longer: it is the
 * page's introduction. */
export const longComments = (source: Source): string[] =>
  commentsOf(source)
    .filter(({ lines }) => !(source.file.endsWith('.pipeline.ts') && lines.length > 6))
    .flatMap(({ line, text }) => {
      const { length } = sentencesOf(text);
      return length > 3 ? [`${source.file}:${line} ${length} sentences`] : [];
    });

/** Banned words and lines over 120 columns in the prose of a Markdown file; tables and code are not
 * prose. */
export const markdownFaults = (file: string): string[] => {
  let fenced = false;
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
      if (fenced) return [];
      const where = `${file}:${at + 1}`;
      const word = bannedIn(line);
      const wide = line.length > 120 && !/^\s*\|/.test(line) && !/https?:\/\/\S{60}/.test(line);
      return [...(word ? [`${where} ${word}`] : []), ...(wide ? [`${where} ${line.length} columns`] : [])];
    });
};
