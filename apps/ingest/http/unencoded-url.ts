import { rawProblemAnswer } from '#http';
import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/** Node's parser refuses a request whose URL holds a byte above ASCII (`HPE_INVALID_URL`, and no
 *  option changes that). Networks send such calls: the name of a product or a city is put into the
 *  template as it is. Their bytes are percent-encoded here, and the call is read like any other. */

type RepairedCall = { method: 'GET' | 'POST'; url: string; headers: Record<string, string>; payload: Buffer };

const headEnd = Buffer.from('\r\n\r\n');
const headerName = /^[!#$%&'*+.^_`|~\w-]{1,200}$/;
const versions = new Set(['HTTP/1.1', 'HTTP/1.0']);

/** Every byte outside of printable ASCII as an escape; null: the text holds none, or a space. */
const encodeBytes = (text: string): string | null => {
  let encoded = '';
  let copied = 0;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text.charCodeAt(index);
    if (byte <= 32) return null;
    if (byte < 127) continue;
    encoded += `${text.slice(copied, index)}%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    copied = index + 1;
  }
  return copied === 0 ? null : encoded + text.slice(copied);
};

const requestLine = (line: string): Pick<RepairedCall, 'method' | 'url'> | null => {
  const from = line.indexOf(' ');
  const to = line.lastIndexOf(' ');
  const method = line.slice(0, Math.max(from, 0));
  if ((method !== 'GET' && method !== 'POST') || to <= from || !versions.has(line.slice(to + 1))) return null;
  const url = encodeBytes(line.slice(from + 1, to));
  return url === null ? null : { method, url };
};

const headersOf = (lines: readonly string[]): Record<string, string> | null => {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    if (!headerName.test(name)) return null;
    headers[name.toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
};

/** The call in `packet`, with its URL repaired. Null: the packet does not start with a call, its
 *  head or its body is not whole in it, or something else is wrong than its URL. Linear in its
 *  length. */
export const repairUnencoded = (packet: Buffer): RepairedCall | null => {
  const end = packet.indexOf(headEnd);
  if (end < 0) return null;
  // Latin-1 gives each byte a character of its own, so no byte is lost.
  const [first = '', ...lines] = packet.toString('latin1', 0, end).split('\r\n');
  const request = requestLine(first);
  const headers = request && headersOf(lines);
  if (!headers || 'transfer-encoding' in headers) return null;
  const payload = packet.subarray(end + headEnd.length);
  const announced = headers['content-length'] ?? '0';
  if (!/^\d{1,15}$/.test(announced) || payload.length !== Number(announced)) return null;
  return { ...request, headers, payload };
};

const badRequest = rawProblemAnswer('Bad Request', {
  status: 400,
  code: 'http_unreadable',
  detail: 'This cannot be read as HTTP.',
});
const tooSlow = rawProblemAnswer('Request Timeout', {
  status: 408,
  code: 'request_too_slow',
  detail: 'The call did not arrive in time. Send it again.',
});
const tooLong = rawProblemAnswer('Request Header Fields Too Large', {
  status: 431,
  code: 'headers_too_large',
  detail: 'The headers of the call are larger than this server takes.',
});

type Injected = { statusCode: number; statusMessage: string; headers: object; rawPayload: Buffer };

const answerAsText = ({ statusCode, statusMessage, headers, rawPayload }: Injected): Buffer => {
  const fields = Object.entries({ ...headers, connection: 'close' })
    .filter(([name]) => name !== 'transfer-encoding' && name !== 'content-length')
    .flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}: ${String(each)}\r\n`));
  const head = `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${fields.join('')}content-length: ${rawPayload.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), rawPayload]);
};

/** Answers what Node's parser could not read, or waited for too long. The connection is closed
 *  after the answer, because the start of the next request on it is unknown. */
export const answerUnparsed = (count: (answer: '400' | '408' | '431') => void) =>
  function (this: FastifyInstance, error: { code?: string; rawPacket?: unknown }, socket: Socket): void {
    const end = (answer: '400' | '408' | '431', text: string): void => {
      count(answer);
      socket.end(text);
    };
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return end('408', tooSlow);
    if (error.code === 'HPE_HEADER_OVERFLOW') return end('431', tooLong);
    const isBadUrl = error.code === 'HPE_INVALID_URL' && Buffer.isBuffer(error.rawPacket);
    const call = isBadUrl ? repairUnencoded(error.rawPacket as Buffer) : null;
    if (call === null) return end('400', badRequest);
    this.inject({ ...call, ...(socket.remoteAddress ? { remoteAddress: socket.remoteAddress } : {}) })
      .then((answer) => socket.end(answerAsText(answer)))
      .catch(() => socket.destroy());
  };
