/** Files that are no table, though they are called .csv: login pages, errors of an API, workbooks.
 * They are refused before anything is written. */

type NotATable = 'empty' | 'html' | 'json' | 'xml' | 'pdf' | 'archive' | 'workbook' | 'binary';

const marks: readonly [kind: NotATable, bytes: string][] = [
  ['pdf', '%PDF'],
  ['workbook', 'PK\x03\x04'],
  ['workbook', '\xd0\xcf\x11\xe0'],
  ['archive', '\x1f\x8b'],
  ['archive', 'Rar!'],
  ['archive', '7z\xbc\xaf'],
];

const latin1 = (bytes: Uint8Array, size: number): string => String.fromCharCode(...bytes.subarray(0, size));

/** What the bytes are if they are no text, else null. UTF-16 has NULs, so those of a decoded text
 * are looked for instead. */
export const kindOfBytes = (head: Uint8Array): NotATable | null => {
  const start = latin1(head, 8);
  return marks.find(([, bytes]) => start.startsWith(bytes))?.[0] ?? null;
};

/** What the text is if it is no table, else null. */
export const kindOfText = (text: string): NotATable | null => {
  const start = text.trimStart().slice(0, 2_000);
  if (start === '') return 'empty';
  if (/^<(?:!doctype html|html|head|body)\b/i.test(start)) return 'html';
  if (start.startsWith('<?xml') || /^<[a-z][\w:-]*[ >/]/i.test(start)) return 'xml';
  if (/^[[{]\s*(?:["\]}{[]|-?\d)/.test(start) && !/^\[\w+\][,;\t|]/.test(start)) return 'json';
  return start.includes('\0') ? 'binary' : null;
};

const sentences: Record<NotATable, string> = {
  empty: 'The file has no rows.',
  html: 'The file is a web page, often a login page: sign in to the network again and repeat the export.',
  json: 'The file is JSON, often an error message of the network: open it in an editor and repeat the export.',
  xml: 'The file is XML. Export the report as CSV.',
  pdf: 'The file is a PDF. Export the report as CSV.',
  archive: 'The file is compressed. Unpack it and upload the table inside.',
  workbook: 'The file is a workbook of a spreadsheet program. Save it as CSV (UTF-8) and upload that.',
  binary: 'The file is not text. Export the report as CSV.',
};

/** What the file is and what to do, for a media buyer. */
export const notATableSentence = (kind: NotATable): string => sentences[kind];
