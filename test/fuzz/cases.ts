/** Calls of every kind as bytes on a socket, made from a seed: the same seed and number give the
 *  same call, so a finding can be repeated. */

export type FuzzCase = {
  bytes: Buffer;
  /** How it is sent. `in-a-row`: behind others on one connection, before their answers have come.
   *  `alone`: the server may close the connection after it. `ends`: alone, and the caller ends its
   *  side after the bytes, as a broken client does. */
  way: 'in-a-row' | 'alone' | 'ends';
};

type Random = { next: (below: number) => number; pick: <Item>(items: readonly Item[]) => Item };

/** mulberry32: small, quick, and the same everywhere. */
const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return { next, pick: (items) => items[next(items.length)]! };
};

const names = (
  'click_id txid transaction_id amount payout currency status event conversion_time payload key sig sid zone cost ' +
  'reversal_of test disable_postback return lead_status __proto__ constructor amp;x 0.transaction_id data.order.id'
).split(' ');

const pieces = (
  '& = ? % %00 %ff %F0%9F%98%80 %ED%A0%80 %25 + ; # / { } [ ] " \\ : , < > {{x}} ##X## %ID% ¤cy= 1e999 -1 1,234.56 $12 ' +
  '12.5USD 99999999999999999999 2099-01-01 2026-01-01T00:00:00Z approved rejected null 0 R- {"order":{"id":1}} [1,2] a'
).split(' ');

const longs = [
  'a',
  '?a=',
  '%00',
  'x=1&',
  '[',
  '{"a":',
  '0,',
  '%F0%9F%98%80',
  ' ',
  '9',
  '{x}',
  '=',
  ';',
  '\xe9',
  '\u0001',
];

const textOf = (random: Random, ids: readonly string[], most = 8): string => {
  let text = '';
  for (let left = random.next(most + 1); left > 0; left -= 1) {
    const kind = random.next(12);
    if (kind < 6) text += random.pick(pieces);
    else if (kind < 9) text += random.pick(names);
    else if (kind === 9) text += String.fromCharCode(random.next(256));
    else if (kind === 10) text += random.pick(ids);
    else text += String(random.next(1e9));
  }
  return text;
};

/** One in a hundred is longer than a limit. */
const valueOf = (random: Random, ids: readonly string[]): string => {
  if (random.next(100) > 0) return textOf(random, ids);
  const unit = random.pick(longs);
  return unit.repeat(Math.ceil(random.pick([210, 2_100, 9_000, 17_000]) / unit.length));
};

const queryOf = (random: Random, ids: readonly string[]): string => {
  const pairs: string[] = [];
  for (let left = random.next(6); left > 0; left -= 1) {
    const name = random.next(8) === 0 ? textOf(random, ids, 3) : random.pick(names);
    pairs.push(random.next(10) === 0 ? name : `${name}=${valueOf(random, ids)}`);
  }
  return pairs.join(random.pick(['&', '&', '&', '&', ';', '?', '&&']));
};

const jsonOf = (random: Random, ids: readonly string[], depth = 0): string => {
  const kind = random.next(depth > 3 ? 4 : 7);
  if (kind === 0) return String(random.next(1e9));
  if (kind === 1) return random.pick(['null', 'true', '1e999', '1.10', '-0']);
  if (kind < 4) return JSON.stringify(textOf(random, ids, 3));
  const inner = Array.from({ length: random.next(4) }, () => jsonOf(random, ids, depth + 1));
  if (kind === 4) return `[${inner.join(',')}]`;
  return `{${inner.map((value) => `${JSON.stringify(random.pick(names))}:${value}`).join(',')}}`;
};

const multipartOf = (random: Random, ids: readonly string[]): string => {
  let text = '';
  for (let left = random.next(4); left > 0; left -= 1)
    text += `--x\r\nContent-Disposition: form-data; name="${random.pick(names)}"\r\n\r\n${valueOf(random, ids)}\r\n`;
  return `${text}--x--`;
};

const bodyOf = (random: Random, ids: readonly string[]): string => {
  const kind = random.next(10);
  if (kind < 3) return queryOf(random, ids);
  if (kind < 6) return jsonOf(random, ids);
  if (kind < 8) return multipartOf(random, ids);
  if (kind === 8)
    return JSON.stringify({ campaign: 'spring', query: queryOf(random, ids), referrer: textOf(random, ids) });
  const unit = random.pick(longs);
  return random.next(10) === 0 ? unit.repeat(Math.ceil(70_000 / unit.length)) : textOf(random, ids);
};

const paths = (
  '/postback/token-acme /postback/token-acme /postback/token-signs /postback /postback /postback/wrong /click.php ' +
  '/aff_lsr /k/postback /c/spring /c/spring /c/nothing /clicks //postback//token-acme/ /carom.js / /nothing'
).split(' ');
const types = [
  'application/x-www-form-urlencoded',
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain',
  ';;',
  'a/b; charset="',
];
const methods = 'GET GET GET GET POST POST POST POST HEAD PUT OPTIONS DELETE'.split(' ');

/** A broken head: what no HTTP client sends. */
const breakHead = (random: Random, head: string): string => {
  const at = random.next(head.length);
  return random.pick([
    () => head.slice(0, at) + String.fromCharCode(random.next(256)) + head.slice(at),
    () => head.slice(0, at) + head.slice(at + 1 + random.next(8)),
    () => head.replace('\r\n', '\n'),
    () => head.replace('HTTP/1.1', 'FOO'),
    () => `${head.slice(0, -2)}X-Long: ${'h'.repeat(60_000)}\r\n\r\n`,
  ])();
};

/** @param ids click ids of ours, so that some calls name a click. */
export const fuzzCase = (seed: number, ids: readonly string[]): FuzzCase => {
  const random = randomOf(seed);
  const method = random.pick(methods);
  const query = random.next(6) === 0 ? '' : `?${queryOf(random, ids)}`;
  // A target without spaces and control characters, but with every other byte.
  const target = `${random.pick(paths)}${query}`.replace(/[^!-~\u0080-\u00ff]/g, '%20').slice(0, 40_000);
  const hasBody = method !== 'GET' && method !== 'HEAD' && random.next(8) > 0;
  const body = hasBody ? Buffer.from(bodyOf(random, ids), random.next(4) === 0 ? 'latin1' : 'utf8') : Buffer.alloc(0);
  const headers = ['Host: x', `X-Forwarded-For: 10.${random.next(200)}.${random.next(256)}.${random.next(256)}`];
  if (hasBody) headers.push(`Content-Length: ${body.length}`, `Content-Type: ${random.pick(types)}`);
  if (random.next(5) === 0) headers.push(`User-Agent: ${textOf(random, ids).replace(/[^\x20-\x7e]/g, 'x')}`);
  if (random.next(9) === 0) headers.push(`Referer: ${'r'.repeat(random.next(3_000))}`);
  let head = `${method} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
  const isBroken = random.next(25) === 0;
  if (isBroken) head = breakHead(random, head);
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  if (isBroken) return { bytes, way: 'ends' };
  // HTTP clients that pipeline send no such call, and the server closes the connection after it.
  const isOdd = method === 'HEAD' || body.length > 60_000 || head.length > 8_000 || /[^\r\n -~]/.test(head);
  return { bytes, way: isOdd ? 'alone' : 'in-a-row' };
};
