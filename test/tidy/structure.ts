import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { lineAt, walk, type Source } from './sources.js';

/** Sizes and exports: what a reader has to hold in mind at once, and what is offered to others. */

/** Functions of more lines than that, closures included: a closure is read together with what
 * surrounds it. */
export const functionsOver = (source: Source, maxLines: number): string[] => {
  const found: string[] = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return;
    const lines = lineAt(source, node.end) - lineAt(source, node.getStart()) + 1;
    if (lines > maxLines) found.push(`${source.file}:${lineAt(source, node.getStart())} has ${lines} lines`);
  });
  return found;
};

/** Source files per folder, tests left out. */
export const filesByFolder = (files: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
};

/** The file that an import names, or null for a package. */
const fileOf = (from: string, specifier: string): string | null => {
  const lib = /^#(\w+)$/.exec(specifier);
  if (lib) return `libs/${lib[1]}/index.ts`;
  if (!specifier.startsWith('.')) return null;
  const path = join(dirname(from), specifier).replace(/\.jsx?$/, '');
  return (
    [`${path}.ts`, `${path}.tsx`, path, `${path}/index.ts`, `${path}/index.tsx`].find((file) => existsSync(file)) ??
    null
  );
};

const everything = '*';

const namesImported = (node: ts.ImportDeclaration | ts.ExportDeclaration): string[] => {
  const clause = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  const names = ts.isImportDeclaration(node) && node.importClause?.name ? ['default'] : [];
  if (!clause) return ts.isExportDeclaration(node) ? [everything] : names;
  if (ts.isNamespaceImport(clause) || ts.isNamespaceExport(clause)) return [everything];
  return [...names, ...clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)];
};

/** "file name" of everything that some other file imports. */
const importedNames = (sources: readonly Source[]): Set<string> => {
  const used = new Set<string>();
  for (const source of sources)
    walk(source, (node) => {
      const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
      const [argument] =
        ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
      const specifier = named ? node.moduleSpecifier : argument;
      if (!specifier || !ts.isStringLiteralLike(specifier)) return;
      const file = fileOf(source.file, specifier.text);
      if (!file) return;
      for (const name of named ? namesImported(node) : [everything]) used.add(`${file} ${name}`);
    });
  return used;
};

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const exportedNames = (source: Source): string[] =>
  source.parsed.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      return statement.exportClause.elements.map(({ name }) => name.text);
    if (!isExported(statement)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : name.elements.map((element) => element.getText()),
      );
    const { name } = statement as ts.DeclarationStatement;
    return name ? [name.getText()] : [];
  });

/** Exports that no other file imports. */
export const unusedExports = (sources: readonly Source[]): string[] => {
  const used = importedNames(sources);
  return sources.flatMap((source) =>
    used.has(`${source.file} ${everything}`)
      ? []
      : exportedNames(source)
          .filter((name) => !used.has(`${source.file} ${name}`))
          .map((name) => `${source.file}: ${name}`),
  );
};

/** Lib indexes that pass on a whole file: what others may use is then not a list that one can read.
 */
export const openDoors = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file }) => /^libs\/\w+\/index\.ts$/.test(file))
    .flatMap(({ file, parsed }) =>
      parsed.statements
        .filter((statement) => ts.isExportDeclaration(statement) && !statement.exportClause)
        .map((statement) => `${file}: ${statement.getText()}`),
    );
