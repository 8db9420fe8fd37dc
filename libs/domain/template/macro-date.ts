import { zoneReader, type WallClock } from '../calendar.js';

/** Writes an instant by a format such as `YYYY-MM-DD HH:mm:ss,Europe/Berlin`: the words below, text
 *  in brackets as it is, and after the last comma an IANA zone or an offset (`+03:00`); without one
 *  it is UTC. Networks' own formats (PHP, Java, Go) differ in every letter, so none of them is
 *  imitated. */

const words = /\[([^\]]*)\]|YYYY|YY|MM|DD|HH|mm|ss|SSS|Z/g;

/** Answers null when the format or the zone cannot be read. */
export const dateWriter = (format: string): ((atMs: number) => string) | null => {
  const comma = format.lastIndexOf(',');
  const pattern = comma < 0 ? format : format.slice(0, comma);
  const zone = comma < 0 ? 'UTC' : format.slice(comma + 1).trim();
  const leftOver = pattern.replace(words, '');
  if (pattern === '' || leftOver === pattern || /[A-Za-z]/.test(leftOver.replaceAll('T', ''))) return null;
  const fieldsAt = zoneReader(zone);
  if (!fieldsAt) return null;
  return (atMs) => {
    const fields = fieldsAt(atMs);
    return pattern.replace(words, (word, literal: string | undefined) => literal ?? writeWord(word, fields, atMs));
  };
};

const padded = (number: number, size: number) => String(number).padStart(size, '0');

const writeWord = (word: string, fields: WallClock, atMs: number): string => {
  switch (word) {
    case 'YYYY':
      return padded(fields.year, 4);
    case 'YY':
      return padded(fields.year % 100, 2);
    case 'MM':
      return padded(fields.month, 2);
    case 'DD':
      return padded(fields.day, 2);
    case 'HH':
      return padded(fields.hour, 2);
    case 'mm':
      return padded(fields.minute, 2);
    case 'ss':
      return padded(fields.second, 2);
    case 'SSS':
      return padded(((atMs % 1000) + 1000) % 1000, 3);
    default:
      return offsetOf(fields, atMs);
  }
};

/** What the wall clock says less what UTC says: "+02:00". */
const offsetOf = (fields: WallClock, atMs: number): string => {
  const wall = Date.UTC(fields.year, fields.month - 1, fields.day, fields.hour, fields.minute, fields.second);
  const minutes = Math.round((wall - Math.floor(atMs / 1000) * 1000) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`;
};
