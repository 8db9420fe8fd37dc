import { readAt, writeAt } from '../catalog/entry';

type Settings = Record<string, unknown>;
const path = ['destination', 'when', 'marks'] as const;

/** The settings of a source or campaign whose destination receives test conversions as well.
 * Without a destination they stay as they are. */
export const withTestsSent = (settings: Settings): Settings => {
  if (!readAt(settings, ['destination'])) return settings;
  const marks = (readAt(settings, path) as string[] | undefined) ?? [];
  return marks.includes('test') ? settings : writeAt(settings, path, [...marks, 'test']);
};
