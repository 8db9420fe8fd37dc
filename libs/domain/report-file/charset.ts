/** Bytes of a report file → text. Networks export UTF-8, UTF-16, and the code pages of the
 * spreadsheet they use. */

/** The charsets that a file may declare or be detected as, by their WHATWG names. */
export const charsets = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'koi8-r',
  'shift_jis',
  'gb18030',
] as const;
export type Charset = (typeof charsets)[number];

/** The charset of that name or alias (`latin1`, `cp1251`), or null: we do not read it. */
export const charsetNamed = (name: string): Charset | null => {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/^cp-?(125\d)$/, 'windows-$1');
  try {
    const { encoding } = new TextDecoder(plain);
    return charsets.find((known) => known === encoding) ?? null;
  } catch {
    return null;
  }
};

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, at) => bytes[at] === byte);

/** Share of NULs at even and odd places: UTF-16 of Latin text has one in every pair. */
const utf16WithoutMark = (head: Uint8Array): Charset | null => {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at += 1)
    if (head[at] === 0) {
      if (at % 2 === 0) even += 1;
      else odd += 1;
    }
  const pairs = head.length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.1) return 'utf-16le';
  return even > pairs * 0.4 && odd < pairs * 0.1 ? 'utf-16be' : null;
};

/** Whether the head is UTF-8; a character that the end of the head cuts is not an error. */
const isUtf8Head = (head: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
};

const letters = /\p{Letter}/u;
const cyrillic = /[а-яё]{2}/giu;

/** Windows-1251 turns Cyrillic words into runs of Cyrillic letters, mostly in lower case. Read as
 * 1252 they would be rare accents. */
const codePageOf = (head: Uint8Array): Charset => {
  const high = head.reduce((count, byte) => (byte >= 0x80 ? count + 1 : count), 0);
  const pairs = new TextDecoder('windows-1251').decode(head).match(cyrillic)?.length ?? 0;
  if (pairs * 2 >= high * 0.6) return 'windows-1251';
  const central = new TextDecoder('windows-1250').decode(head);
  const western = new TextDecoder('windows-1252').decode(head);
  const count = (text: string): number => [...text].filter((mark) => mark > '\x7f' && letters.test(mark)).length;
  return count(central) > count(western) ? 'windows-1250' : 'windows-1252';
};

/** The charset of a file: its mark, else what the sender declares, else what its first bytes look
 * like. */
export const detectCharset = (head: Uint8Array, declared: Charset | null): Charset => {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 'utf-8';
  if (startsWith(head, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  if (declared) return declared;
  return utf16WithoutMark(head) ?? (isUtf8Head(head) ? 'utf-8' : codePageOf(head));
};

const [lineFeed, carriageReturn] = [0x0a, 0x0d];
/** A longer line is decoded in pieces, so that a file without line feeds is not collected whole. */
const maxHeldBytes = 256 * 1024;

/** Where the bytes that are decoded now end: behind the last line, and of an endless line before
 * its last character, which may be cut. */
const endOfDecoding = (bytes: Uint8Array): number => {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  if (end > 0 || bytes.length <= maxHeldBytes) return end;
  const lastStart = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes.lastIndexOf(carriageReturn) + 1 || (lastStart > 0 ? lastStart : bytes.length);
};

/** Decodes chunks in their order. A line of a UTF-8 file that is not UTF-8 is read as windows-1252,
 * because two ids that differ only in an accent must not become one. */
export const createDecoder = (charset: Charset): { decode: (chunk: Uint8Array) => string; end: () => string } => {
  if (charset !== 'utf-8') {
    const decoder = new TextDecoder(charset);
    return { decode: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
  }
  const strict = new TextDecoder('utf-8', { fatal: true });
  const western = new TextDecoder('windows-1252');
  let rest = new Uint8Array(0);
  let started = false;
  const decodeLine = (line: Uint8Array): string => {
    try {
      return strict.decode(line);
    } catch {
      return western.decode(line);
    }
  };
  const decodeLines = (bytes: Uint8Array): string => {
    try {
      return strict.decode(bytes);
    } catch {
      const parts: string[] = [];
      for (let from = 0; from < bytes.length;) {
        const end = bytes.indexOf(lineFeed, from) + 1 || bytes.length;
        parts.push(decodeLine(bytes.subarray(from, end)));
        from = end;
      }
      return parts.join('');
    }
  };
  const joined = (chunk: Uint8Array): Uint8Array => {
    const all = new Uint8Array(rest.length + chunk.length);
    all.set(rest);
    all.set(chunk, rest.length);
    return all;
  };
  const withoutMark = (text: string): string => {
    const first = !started && text !== '';
    started ||= first;
    return first && text.startsWith('\ufeff') ? text.slice(1) : text;
  };
  return {
    decode: (chunk) => {
      const all = joined(chunk);
      const end = endOfDecoding(all);
      rest = all.slice(end);
      return withoutMark(decodeLines(all.subarray(0, end)));
    },
    end: () => withoutMark(decodeLines(rest)),
  };
};
