import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bannedWords, longComments, markdownFaults, wideComments } from './tidy/prose.js';
import { folders, isSpec, linesThat, product, sources, tracked } from './tidy/sources.js';
import { filesByFolder, functionsOver, openDoors, unusedExports } from './tidy/structure.js';

/** Style that can be counted is a test, because a rule that only a document holds is forgotten.
 *  Each title is the rule with its reason. */

const self = /^test\/tidy[./]/;
const others = sources.filter(({ file }) => !self.test(file));
const markdown = tracked.filter((file) => file.endsWith('.md'));

describe('files and functions can be read at once', () => {
  it('a file has at most 400 lines, a spec 600: it holds one idea whole', () => {
    const over = sources.filter(({ file, text }) => text.split('\n').length > (isSpec(file) ? 601 : 401));
    expect(over.map(({ file }) => file)).toEqual([]);
  });

  it('a function has at most 70 lines, closures included: they are read together', () => {
    expect(product.flatMap((source) => functionsOver(source, 70))).toEqual([]);
  });

  it('a folder has about 15 source files, 18 at most: a reader can scan it', () => {
    const counts = filesByFolder(product.map(({ file }) => file));
    expect([...counts].filter(([, count]) => count > 18)).toEqual([]);
  });

  it('the page of a pipeline has at most 150 lines: a newcomer reads it first', () => {
    const pages = product.filter(({ file }) => file.endsWith('.pipeline.ts'));
    expect(pages.length).toBeGreaterThanOrEqual(4);
    expect(pages.filter(({ text }) => text.split('\n').length > 151).map(({ file }) => file)).toEqual([]);
  });

  it('the page of a pipeline names no type of Kafka, TypeORM or Nest: it says what happens, not with what', () => {
    const pages = product.filter(({ file }) => file.endsWith('.pipeline.ts'));
    expect(linesThat(pages, /from '(#kafka|kafkajs|typeorm|@nestjs\/[\w-]+)'/)).toEqual([]);
  });
});

describe('names say what things are', () => {
  it('nothing is named for what it is not about (common, utils, manager): such a name gathers everything', () => {
    const banned = /(^|[-_.])(common|shared|utils?|helpers?|manager|base)([-_.]|$)|\.service\.ts$|\.dto\.ts$/;
    expect(tracked.filter((file) => file.split('/').some((part) => banned.test(part)))).toEqual([]);
  });

  it('one word for one thing: no synonyms of ours as names of records', () => {
    const synonyms =
      /\b(interface|type|class|const|function)\s+\w*(Callback|Affiliate|Lead|Goal)(s|Record|Row|Entry|Id)?\b\s*[=({<:]/;
    expect(linesThat(product, synonyms)).toEqual([]);
  });
});

describe('text is plain technical English', () => {
  it('no banned word in comments, names, sentences of the product and titles of tests: outsiders do not know our dialect', () => {
    expect(others.flatMap(bannedWords)).toEqual([]);
  });

  it('a line of a comment has at most 100 columns: it is read beside the code', () => {
    expect(sources.flatMap(wideComments)).toEqual([]);
  });

  it('a comment has at most three sentences: what is true, why, what breaks', () => {
    expect(sources.flatMap(longComments)).toEqual([]);
  });

  it('a line of prose in Markdown has at most 120 columns and no banned word: changes can be reviewed', () => {
    expect(markdown.flatMap(markdownFaults)).toEqual([]);
  });
});

describe('nothing is half done, silenced or dead', () => {
  it('no leftovers and no silenced checks: what is unfinished does not land', () => {
    const leftovers = new RegExp(
      ['TODO', 'FIXME', 'HACK', '@ts-ignore', '@ts-nocheck', 'eslint-disable', 'as any\\b', 'forwardRef'].join('|'),
    );
    expect(linesThat(others, leftovers)).toEqual([]);
    expect(linesThat(others, /\b(describe|it|test)\.(skip|only|todo)\b|\bx(it|describe)\(/)).toEqual([]);
  });

  it('nothing is mocked that is real here: a mock proves only itself', () => {
    const found = linesThat(others, /jest\.(mock|unstable_mockModule)\(/);
    expect(found).toEqual([]);
  });

  it('no export that no other file imports: what is offered is kept for ever', () => {
    expect(unusedExports(sources)).toEqual([]);
  });

  it('the index of a lib is an explicit list: what others use can be read there', () => {
    expect(openDoors(sources)).toEqual([]);
  });
});

describe('time and chance can be owned by a test', () => {
  it('an app reads clock, timers and randomness through its ports: a test can step the clock', () => {
    const apps = product.filter(({ file }) => file.startsWith('apps/') && !file.startsWith('apps/console/web/'));
    const direct =
      /\bDate\.now\(|\bperformance\.now\(|(?<![.\w])set(Timeout|Interval)\(|Math\.random\(|\brandom(Bytes|UUID|Int)\(/;
    expect(linesThat(apps, direct)).toEqual([]);
  });
});

describe('the repository is the same for everyone', () => {
  it('no path or registry of one machine is written anywhere', () => {
    const machine = /(?<![\w.])\/(work|root|home\/\w+)\/|registry\.npmjs\.org|"resolved":/;
    const found = tracked
      .filter((file) => !/\.(png|jar)$/.test(file) && !self.test(file))
      .filter((file) => machine.test(readFileSync(file, 'utf8')));
    expect(found).toEqual([]);
  });

  it('imports point one way, without circles and dead files: a change stays where it is made', () => {
    const { totalCruised, violations } = cruise();
    expect(totalCruised).toBeGreaterThan(sources.length / 2);
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  it('the documents name only files that exist: a reader follows them', () => {
    const named = /`((?:apps|libs|presets|stack|demo|ops|bench|test|docs|deploy)\/[\w./-]+\.\w+)`/g;
    const missing = markdown.flatMap((document) =>
      [...readFileSync(document, 'utf8').matchAll(named)]
        .map(([, file]) => file as string)
        .filter((file) => !existsSync(file) && !/NNNN|<|v<n>/.test(file))
        .map((file) => `${document}: ${file}`),
    );
    expect(missing).toEqual([]);
    expect(markdown.map((file) => basename(file))).toContain('README.md');
  });
});

type Cruise = {
  totalCruised: number;
  violations: { from: string; to: string; rule: { name: string } }[];
};

function cruise(): Cruise {
  const command = [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...folders,
  ];
  let printed: string;
  try {
    printed = execFileSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 256 << 20 });
  } catch (thrown) {
    printed = (thrown as { stdout: string }).stdout;
  }
  return (JSON.parse(printed) as { summary: Cruise }).summary;
}
