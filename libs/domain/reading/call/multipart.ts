import { maxParameters, type Parameters } from './parameter.js';

/** The fields of a multipart form; its files are passed over. */

const maxHeaderLines = 20;

/** The value of `name="…"` in a line `content-disposition: form-data; name="…"`. Null: it has
 *  none. */
const fieldName = (line: string): string | null => {
  for (let at = line.indexOf('name="'); at >= 0; at = line.indexOf('name="', at + 6)) {
    const before = line.slice(Math.max(0, at - 10), at).trimEnd();
    if (!before.endsWith(';')) continue;
    const end = line.indexOf('"', at + 6);
    return end < 0 ? null : line.slice(at + 6, end);
  }
  return null;
};

const disposition = 'content-disposition:';

const nameOfPart = (head: string): string | null => {
  for (const line of head.split('\r\n', maxHeaderLines)) {
    if (line.slice(0, disposition.length).toLowerCase() !== disposition) continue;
    return line.toLowerCase().includes('filename') ? null : fieldName(line);
  }
  return null;
};

const withoutLineEnd = (text: string): string => (text.endsWith('\r\n') ? text.slice(0, -2) : text);

export const addMultipart = (into: Parameters, text: string, boundary: string): void => {
  for (const part of text.split(`--${boundary}`, maxParameters).slice(1)) {
    const gap = part.indexOf('\r\n\r\n');
    const name = gap < 0 ? null : nameOfPart(part.slice(0, gap));
    if (name === null) continue;
    const value = withoutLineEnd(part.slice(gap + 4));
    into.list.push({ name, value, raw: value, isJsonNumber: false });
  }
};
