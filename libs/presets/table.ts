import type { NetworkPreset, SourcePreset } from './schema.js';

/** The presets as two Markdown tables, for `docs/reference/presets.md`. */

const cell = (text: string): string => text.replaceAll('|', '\\|');
/** Macros may hold a backtick nowhere, but a bar ends the cell even inside code. */
const code = (text: string | null): string => (text === null ? '–' : `\`${cell(text)}\``);

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;
const head = (...names: string[]): string[] => [row(...names), row(...names.map(() => '---'))];
const mark = (preset: { verified: boolean }): string => (preset.verified ? 'yes' : 'no');

const networkTable = (presets: Iterable<NetworkPreset>): string =>
  [
    ...head(
      'key',
      'network or platform',
      'our click id goes into',
      'query of the Postback URL',
      'URLs',
      'signs',
      'report file',
      'verified',
    ),
    ...[...presets].map((preset) =>
      row(
        code(preset.key),
        cell(preset.name),
        code(preset.clickIdParam),
        code(preset.postback?.template || null),
        preset.postback ? String(1 + preset.postback.more.length) : 'none',
        preset.signature?.kind ?? '–',
        preset.settings.reportFile ? 'yes' : '–',
        mark(preset),
      ),
    ),
  ].join('\n');

const sourceTable = (presets: Iterable<SourcePreset>): string =>
  [
    ...head('key', 'source', 'click id in the link', 'destination', 'asks for', 'verified'),
    ...[...presets].map((preset) =>
      row(
        code(preset.key),
        cell(preset.name),
        code(
          preset.externalIdMacro === null
            ? preset.externalIdParam
            : `${preset.externalIdParam}=${preset.externalIdMacro}`,
        ),
        code(`${preset.destination.method ?? 'GET'} ${preset.destination.url}`),
        preset.fields.map((field) => code(field.name)).join(' ') || '–',
        mark(preset),
      ),
    ),
  ].join('\n');

const between = (name: string) => new RegExp(`(<!-- begin ${name} -->\\n)[^]*?(\\n<!-- end ${name} -->)`);

/** The page with both tables renewed between their marks. @throws when a mark is missing. */
export const renewTables = (
  page: string,
  presets: { networks: Iterable<NetworkPreset>; sources: Iterable<SourcePreset> },
): string => {
  const tables = { networks: networkTable(presets.networks), sources: sourceTable(presets.sources) };
  return Object.entries(tables).reduce((text, [name, table]) => {
    if (!between(name).test(text)) throw new Error(`the page has no place for the table of ${name}`);
    return text.replace(between(name), (_found, begin: string, end: string) => `${begin}\n${table}\n${end}`);
  }, page);
};
