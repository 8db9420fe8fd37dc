/** A stored call cut into pieces, each marked with the field that was read there. Pure, so that it
 * can be tested without a page. */

type Found = { raw: string; param: string; value: string | null } | null;
export type Piece = { text: string; field: string | null };

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** The fields by the parameter that they were read from. */
const fieldsByParam = (read: Record<string, Found>): Map<string, string> =>
  new Map(Object.entries(read).flatMap(([field, found]) => (found ? [[found.param, field]] : [])));

/** A query or form text: `a=1&b=2`. Joined again, the pieces are the text. */
const markPairs = (text: string, fields: ReadonlyMap<string, string>): Piece[] =>
  text.split(/(&)/).map((pair) => {
    const name = decoded(pair.split('=', 1)[0] ?? '');
    return { text: pair, field: fields.get(name) ?? null };
  });

const joined = (pieces: readonly Piece[]): Piece[] =>
  pieces.reduce<Piece[]>((all, piece) => {
    const last = all.at(-1);
    if (last && last.field === null && piece.field === null)
      return [...all.slice(0, -1), { ...last, text: last.text + piece.text }];
    return [...all, piece];
  }, []);

/** The target of a call: path and query. */
export const markTarget = (target: string, read: Record<string, Found>): Piece[] => {
  const at = target.indexOf('?');
  if (at === -1) return [{ text: target, field: null }];
  const pairs = markPairs(target.slice(at + 1), fieldsByParam(read));
  return joined([{ text: target.slice(0, at + 1), field: null }, ...pairs]);
};

/** A JSON or form body; the value of a path such as `data.order.id` is marked by its last name. */
export const markBody = (body: string, read: Record<string, Found>): Piece[] => {
  const fields = fieldsByParam(read);
  if (!/^\s*[[{]/.test(body)) return joined(markPairs(body, fields));
  const byLast = new Map([...fields].map(([param, field]) => [param.split(/[.>]/).at(-1) ?? param, field]));
  const pieces = body.split(/("[^"\\]+"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[^,}\]\s]+))/);
  return joined(
    pieces.map((text) => {
      const name = /^"([^"\\]+)"\s*:/.exec(text)?.[1];
      return { text, field: name === undefined ? null : (byLast.get(name) ?? null) };
    }),
  );
};
