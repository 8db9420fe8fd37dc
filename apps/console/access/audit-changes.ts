/** What differs between two states of a thing, as an audit line shows it. */
type AuditChange = { path: string; before: unknown; after: unknown };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const maxChanges = 200;

/** One change per field, nested fields by their path (`destination.url`); lists are compared as
 *  a whole. A created or deleted object is itself the change, so nothing is listed. */
export const changesBetween = (before: unknown, after: unknown): AuditChange[] => {
  if (!isRecord(before) || !isRecord(after)) return [];
  const found: AuditChange[] = [];
  const pending: { path: string; before: Record<string, unknown>; after: Record<string, unknown> }[] = [
    { path: '', before, after },
  ];
  for (let next = pending.shift(); next && found.length < maxChanges; next = pending.shift()) {
    for (const name of new Set([...Object.keys(next.before), ...Object.keys(next.after)])) {
      const [was, is] = [next.before[name] ?? null, next.after[name] ?? null];
      const path = next.path === '' ? name : `${next.path}.${name}`;
      if (isRecord(was) && isRecord(is)) pending.push({ path, before: was, after: is });
      else if (JSON.stringify(was) !== JSON.stringify(is)) found.push({ path, before: was, after: is });
    }
  }
  return found.slice(0, maxChanges);
};
