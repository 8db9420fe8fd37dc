import type { CatalogKind } from '#contracts';
import { applyNetworkPreset, applySourcePreset } from '#presets';
import type { Presets } from './catalog-answer.js';
import { Problem } from '../http/problem.js';

type Body = Record<string, unknown>;

const unknownPreset = (kind: CatalogKind, key: unknown): Problem =>
  new Problem(
    422,
    'preset_unknown',
    `there is no preset "${String(key)}" for a ${kind}; see /api/v1/presets/${kind}s`,
    [{ path: 'preset', code: 'preset_unknown', message: 'is not the key of a preset' }],
  );

/** Checks the preset of a replaced entry. It fills in nothing more, but it must exist, because
 *  the click link uses its macros. A preset that is already stored may stay even if a newer
 *  version removed it. */
export const checkPreset = (kind: CatalogKind, body: Body, stored: unknown, presets: Presets): void => {
  const key = body['preset'];
  if (typeof key !== 'string' || key === stored || (kind !== 'network' && kind !== 'source')) return;
  if (!(kind === 'network' ? presets.networks : presets.sources).has(key)) throw unknownPreset(kind, key);
};

const textsOf = (values: unknown): Record<string, string> => {
  const ok =
    typeof values === 'object' && values !== null && Object.values(values).every((value) => typeof value === 'string');
  if (values !== undefined && !ok)
    throw new Problem(422, 'invalid', 'presetFields maps names to texts', [
      { path: 'presetFields', code: 'wrong_type', message: 'maps the names of the preset to texts' },
    ]);
  return (values ?? {}) as Record<string, string>;
};

/** Fills in from the preset what the body does not state. This happens only when an entry is
 *  created, so a preset corrected in a new version does not change existing networks (P8).
 *  `presetFields` carries what a source's preset asks for (account constants, as `<<NAME>>` in its
 *  template) and is not stored. */
export const fillFromPreset = (kind: CatalogKind, body: Body, presets: Presets): Body => {
  const { presetFields, ...own } = body;
  const key = own['preset'];
  const named = typeof key === 'string';
  if (kind === 'network' && named) {
    const preset = presets.networks.get(key);
    if (!preset) throw unknownPreset(kind, key);
    return applyNetworkPreset(preset, presetFields === undefined ? own : body);
  }
  if (kind === 'source' && named) {
    const preset = presets.sources.get(key);
    if (!preset) throw unknownPreset(kind, key);
    const { settings, problems } = applySourcePreset(preset, own, textsOf(presetFields));
    if (problems.length > 0)
      throw new Problem(
        422,
        'preset_fields',
        `the preset "${key}" asks for its fields: ${problems.map(({ field, code }) => `${field} (${code})`).join(', ')}`,
        problems.map(({ field, code }) => ({
          path: `presetFields.${field}`,
          code,
          message: preset.fields.find(({ name }) => name === field)?.label ?? 'see the preset’s `fields`',
        })),
      );
    return settings;
  }
  return body;
};
