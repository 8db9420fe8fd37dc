import { connect, type Socket } from 'node:net';
import type { FuzzCase } from './cases.js';

/** `closed`: the server ended the connection without an answer. */
export type FuzzAnswer = { status: number | 'closed'; postbackId: string | null };

const headEnd = '\r\n\r\n';

/** The first whole answer in `text`, and the text behind it. Null: it is not whole yet. */
const takeAnswer = (text: string, isHead: boolean): { answer: FuzzAnswer; rest: string } | null => {
  const end = text.indexOf(headEnd);
  if (end < 0) return null;
  const head = text.slice(0, end).toLowerCase();
  const length = isHead ? 0 : Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  const bodyEnd = end + headEnd.length + length;
  if (text.length < bodyEnd) return null;
  const postbackId = /carom-postback-id: (\S{36})/.exec(head)?.[1] ?? null;
  return { answer: { status: Number(head.slice(9, 12)), postbackId }, rest: text.slice(bodyEnd) };
};

/** One caller: sends a case, waits for its answer, and keeps the connection while the server
 *  does. */
export class FuzzCaller {
  private socket: Socket | null = null;
  private received = '';
  private wake: () => void = () => undefined;

  constructor(private readonly port: number) {}

  async send({ bytes, ends }: FuzzCase): Promise<FuzzAnswer> {
    const socket = this.open();
    this.received = '';
    if (ends) socket.end(bytes);
    else socket.write(bytes);
    const isHead = bytes.subarray(0, 5).toString() === 'HEAD ';
    for (;;) {
      const found = takeAnswer(this.received, isHead);
      if (found) {
        // Anything behind the answer belongs to bytes that were left over: the next case needs a
        // new connection.
        if (ends || found.rest !== '' || isHead) this.close();
        return found.answer;
      }
      if (this.socket !== socket) return { status: 'closed', postbackId: null };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  private open(): Socket {
    if (this.socket) return this.socket;
    const socket = connect(this.port, '127.0.0.1');
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (part) => {
      if (this.socket !== socket) return;
      this.received += part.toString('latin1');
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.socket === socket) this.socket = null;
      this.wake();
    });
    return socket;
  }
}
