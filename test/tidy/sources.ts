import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** What the tidy test looks at: the files that git tracks or would track, parsed once. */

export const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

export const folders = ['apps', 'libs', 'stack', 'demo', 'ops', 'test', 'bench'];

export type Source = { file: string; text: string; parsed: ts.SourceFile };

const isGenerated = (text: string): boolean => /^\/\*\*?[^\n]*\n?[^\n]*\b(auto-generated|generated)\b/i.test(text);

/** Hand-written TypeScript of this repository. */
export const sources: readonly Source[] = tracked
  .filter(
    (file) =>
      folders.some((folder) => file.startsWith(`${folder}/`)) && /\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
  )
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
  .filter(({ text }) => !isGenerated(text))
  .map(({ file, text }) => ({ file, text, parsed: parse(file, text) }));

export const isSpec = (file: string): boolean => /spec\.tsx?$/.test(file) || file.startsWith('test/');
export const product = sources.filter(({ file }) => !isSpec(file));

function parse(file: string, text: string): ts.SourceFile {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
}

/** Line of a position, from 1. */
export const lineAt = (source: Source, position: number): number =>
  source.parsed.getLineAndCharacterOfPosition(position).line + 1;

/** "file:line text" for each line of a file that matches. */
export const linesThat = (among: readonly Source[], pattern: RegExp): string[] =>
  among.flatMap(({ file, text }) =>
    text
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1} ${line.trim().slice(0, 90)}`] : [])),
  );

/** Visits every node of a source, parents first. */
export const walk = (source: Source, visit: (node: ts.Node) => void): void => {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(source.parsed);
};
