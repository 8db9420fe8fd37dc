import type { SafeClickRecord, SafePostbackRecord } from '#contracts';
import { safeText, type SafeText } from '#domain';

/** Records that Kafka takes whatever their size was: cut to what is safe, never refused (P2). */

/** Kafka takes 1 MiB. A parked record holds this one as base64, which is a third longer, so this is
 *  the largest that can also be parked. */
export const maxRecordBytes = 700_000;

/** What always fits: each character is six bytes of JSON at most. */
const small = { target: 4_000, header: 300, headers: 40, body: 10_000, field: 500, token: 200 };

const cutTexts = (values: Record<string, SafeText>, count: number, length: number): Record<string, SafeText> =>
  Object.fromEntries(
    Object.entries(values)
      .slice(0, count)
      .map(([name, value]) => [safeText(name, length), safeText(value, length)]),
  );

const cutFields = (read: SafePostbackRecord['read']): SafePostbackRecord['read'] =>
  Object.fromEntries(
    Object.entries(read).map(([name, field]) => [name, field && { ...field, raw: safeText(field.raw, small.field) }]),
  ) as SafePostbackRecord['read'];

/** A postback cut to `small`. What was read of it stays; the stored call is no longer whole. */
export const cutPostback = (postback: SafePostbackRecord): SafePostbackRecord => ({
  ...postback,
  raw: {
    ...postback.raw,
    target: safeText(postback.raw.target, small.target),
    headers: cutTexts(postback.raw.headers, small.headers, small.header),
    body: postback.raw.body === null ? null : safeText(postback.raw.body, small.body),
  },
  read: cutFields(postback.read),
  problems: [...postback.problems.slice(0, 20), { code: 'call_cut', param: null }],
});

const cutClick = (click: SafeClickRecord): SafeClickRecord => ({
  ...click,
  tokens: cutTexts(click.tokens, 100, small.token),
});

const fit = <Message>(message: Message, cut: (message: Message) => Message): string => {
  const text = JSON.stringify(message);
  // A character is three bytes of UTF-8 at most, so nearly every record needs no counting.
  if (text.length * 3 <= maxRecordBytes || Buffer.byteLength(text) <= maxRecordBytes) return text;
  return JSON.stringify(cut(message));
};

export const fitPostback = (postback: SafePostbackRecord): string => fit(postback, cutPostback);
export const fitClick = (click: SafeClickRecord): string => fit(click, cutClick);
