import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Style that can be counted, as a test: what only stands in a document is forgotten by the third author. */

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const sources = tracked
  .filter((file) => /^(apps|libs|stack|demo|ops|bench|test)\/.*\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .filter(exists);
const text = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
const product = sources.filter((file) => !/spec\.ts$|^test\//.test(file));

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

/** "file:line what" for each line of a file that matches. */
const linesThat = (files: string[], pattern: RegExp): string[] =>
  files.flatMap((file) =>
    (text.get(file) ?? '')
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1} ${line.trim().slice(0, 90)}`] : [])),
  );

/** Functions with more lines of their own than that; what a closure's inner functions take is theirs. */
const functionsOver = (file: string, mostLines: number): string[] => {
  const parsed = ts.createSourceFile(file, text.get(file) ?? '', ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => parsed.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  /** Visits a node and answers how many lines the functions directly inside it take. */
  const linesWithin = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += linesWithin(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return inner;
    const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
    if (lines - inner > mostLines)
      found.push(`${file}:${lineOf(node.getStart()) + 1} has ${lines - inner} lines of its own`);
    return lines;
  };
  linesWithin(parsed);
  return found;
};

describe('the tree is tidy', () => {
  it('a file holds one idea: at most 400 lines, specs 600', () => {
    const over = sources.filter(
      (file) => (text.get(file) ?? '').split('\n').length > (/spec\.ts$|^test\//.test(file) ? 601 : 401),
    );
    expect(over).toEqual([]);
  });

  it('a function has at most 70 lines', () => {
    expect(product.flatMap((file) => functionsOver(file, 70))).toEqual([]);
  });

  it('nothing is named after what it is not about', () => {
    const banned = /(^|[-_.])(common|shared|utils?|helpers?|manager|base)([-_.]|$)|\.service\.ts$|\.dto\.ts$/;
    expect(tracked.filter((file) => file.split('/').some((part) => banned.test(part)))).toEqual([]);
  });

  it('one word for one thing: no synonyms of ours as names of records', () => {
    const synonyms =
      /\b(interface|type|class|const|function)\s+\w*(Callback|Affiliate|Lead|Goal)(s|Record|Row|Entry|Id)?\b\s*[=({<:]/;
    expect(linesThat(product, synonyms)).toEqual([]);
  });

  it('nothing is left half done or silenced', () => {
    const leftovers = new RegExp(
      ['TODO', 'FIXME', 'HACK', '@ts-ignore', '@ts-nocheck', 'eslint-disable', 'as any\\b', 'forwardRef'].join('|'),
    );
    const here = 'test/tidy.spec.ts';
    expect(
      linesThat(
        sources.filter((file) => file !== here),
        leftovers,
      ),
    ).toEqual([]);
    expect(
      linesThat(
        sources.filter((file) => file !== here),
        /\b(describe|it|test)\.(skip|only|todo)\b|\bx(it|describe)\(/,
      ),
    ).toEqual([]);
  });

  it('nothing is mocked that is real here', () => {
    expect(
      linesThat(
        sources.filter((file) => basename(file) !== 'tidy.spec.ts'),
        /jest\.(mock|unstable_mockModule)\(/,
      ),
    ).toEqual([]);
  });

  it('no path or registry of one machine is written anywhere', () => {
    const machine = /(?<![\w.])\/(work|root|home\/\w+)\/|registry\.npmjs\.org|"resolved":/;
    const found = tracked
      .filter((file) => exists(file) && !/\.(png|jar)$/.test(file) && file !== 'test/tidy.spec.ts')
      .filter((file) => machine.test(readFileSync(file, 'utf8')));
    expect(found).toEqual([]);
  });

  it('imports point one way, without circles and without dead files', () => {
    const folders = ['apps', 'libs', 'stack', 'demo', 'ops', 'test', 'bench'].filter((folder) =>
      sources.some((file) => file.startsWith(`${folder}/`)),
    );
    const command = [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ];
    let printed: string;
    try {
      printed = execFileSync(process.execPath, [...command, ...folders], { encoding: 'utf8', maxBuffer: 256 << 20 });
    } catch (thrown) {
      printed = (thrown as { stdout: string }).stdout;
    }
    const { summary } = JSON.parse(printed) as {
      summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
    };
    expect(summary.totalCruised).toBeGreaterThan(sources.length / 2);
    expect(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  it('the documents name only files that exist', () => {
    const documents = tracked.filter((file) => file.endsWith('.md') && exists(file));
    const missing = documents.flatMap((document) =>
      [
        ...readFileSync(document, 'utf8').matchAll(
          /`((?:apps|libs|presets|stack|bench|test|docs|deploy)\/[\w./-]+\.\w+)`/g,
        ),
      ]
        .map(([, file]) => file as string)
        .filter((file) => !exists(file) && !/NNNN|<|v<n>/.test(file))
        .map((file) => `${document}: ${file}`),
    );
    expect(missing).toEqual([]);
  });
});
