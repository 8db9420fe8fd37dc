import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/** Node's parser refuses a request whose URL holds a byte above ASCII, before anybody has seen it (`HPE_INVALID_URL`, and no option of
 *  Node changes that). Networks do send such calls: a product's or a city's name is put into the template as it is, in UTF-8 or Latin-1.
 *  Their bytes are percent-encoded here and the call is handed in again, so that it is read, kept and answered like any other. */

export type MendedCall = { method: 'GET' | 'POST'; url: string; headers: Record<string, string>; payload: Buffer };

const headEnd = Buffer.from('\r\n\r\n');
const requestLine = /^(GET|POST) (\S*[\x80-\xff]\S*) HTTP\/1\.[01]$/;
const headerLine = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/;

/** The call in `packet`, or null where it is no call that can be mended: the packet does not start with it, its head or its body is not
 *  whole in it, or something else is wrong than its URL. */
export const mendUnencoded = (packet: Buffer): MendedCall | null => {
  const end = packet.indexOf(headEnd);
  if (end < 0) return null;
  // Latin-1 gives each byte a character of its own: no byte is lost, whatever encoding the caller meant.
  const [first = '', ...lines] = packet.toString('latin1', 0, end).split('\r\n');
  const [, method, url] = requestLine.exec(first) ?? [];
  if ((method !== 'GET' && method !== 'POST') || url === undefined) return null;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    headers[name.toLowerCase()] = value;
  }
  if ('transfer-encoding' in headers) return null;
  const payload = packet.subarray(end + headEnd.length);
  const announced = headers['content-length'] ?? '0';
  if (!/^\d+$/.test(announced) || payload.length !== Number(announced)) return null;
  const encoded = url.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  return { method, url: encoded, headers, payload };
};

const badRequest = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
const tooSlow = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
const tooLong = 'HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

/** What Node's parser could not read, or waited for too long. The connection is closed after the answer: nobody knows where on it the next
 *  request would begin. */
export function answerUnparsed(
  this: FastifyInstance,
  error: { code?: string; rawPacket?: unknown },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return void socket.end(tooSlow);
  if (error.code === 'HPE_HEADER_OVERFLOW') return void socket.end(tooLong);
  const call =
    error.code === 'HPE_INVALID_URL' && Buffer.isBuffer(error.rawPacket) ? mendUnencoded(error.rawPacket) : null;
  if (call === null) return void socket.end(badRequest);
  this.inject({ ...call, ...(socket.remoteAddress ? { remoteAddress: socket.remoteAddress } : {}) })
    .then((answer) => {
      const { statusCode, statusMessage, rawPayload } = answer;
      const fields = Object.entries({ ...answer.headers, connection: 'close' })
        .filter(([name]) => name !== 'transfer-encoding' && name !== 'content-length')
        .flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}: ${each}\r\n`));
      const head = `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${fields.join('')}content-length: ${rawPayload.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head, 'latin1'), rawPayload]));
    })
    .catch(() => socket.destroy());
}
