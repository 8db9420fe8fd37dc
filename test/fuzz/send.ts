import { connect, type Socket } from 'node:net';
import type { FuzzCase } from './cases.js';

/** `closed`: the server ended the connection without an answer. */
export type FuzzAnswer = { status: number | 'closed'; postbackId: string | null };

const headEnd = '\r\n\r\n';

/** The first whole answer behind `from`, and where it ends. Null: it is not whole yet. */
const takeAnswer = (
  text: string,
  from: number,
  isHead: boolean,
): { answer: FuzzAnswer; end: number; closes: boolean } | null => {
  const headEnds = text.indexOf(headEnd, from);
  if (headEnds < 0) return null;
  const head = text.slice(from, headEnds).toLowerCase();
  const length = isHead ? 0 : Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  const end = headEnds + headEnd.length + length;
  if (text.length < end) return null;
  const postbackId = /carom-postback-id: (\S{36})/.exec(head)?.[1] ?? null;
  const closes = head.includes('\r\nconnection: close');
  return { answer: { status: Number(head.slice(9, 12)), postbackId }, end, closes };
};

const isHeadCall = ({ bytes }: FuzzCase): boolean => bytes.subarray(0, 5).toString('latin1') === 'HEAD ';

/** One caller: sends cases, waits for their answers, and keeps the connection while the server
 *  does. */
export class FuzzCaller {
  private socket: Socket | null = null;
  private received = '';
  private wake: () => void = () => undefined;
  /** Cases that were sent again, see `send`. */
  repeated = 0;

  constructor(private readonly port: number) {}

  /** Sends the cases in a row, and answers them in that order. What stood behind a case after which
   *  the server closed the connection is sent again. */
  async send(cases: readonly FuzzCase[]): Promise<FuzzAnswer[]> {
    const answers: FuzzAnswer[] = [];
    while (answers.length < cases.length) {
      if (answers.length > 0) this.repeated += cases.length - answers.length;
      answers.push(...(await this.sendOnce(cases.slice(answers.length))));
    }
    return answers;
  }

  /** At least one answer: those that came until the server closed the connection. */
  private async sendOnce(cases: readonly FuzzCase[]): Promise<FuzzAnswer[]> {
    const socket = this.open();
    const [first] = cases;
    this.received = '';
    const bytes = first && cases.length === 1 ? first.bytes : Buffer.concat(cases.map((each) => each.bytes));
    if (first?.way === 'ends') socket.end(bytes);
    else socket.write(bytes);
    const answers: FuzzAnswer[] = [];
    let read = 0;
    for (;;) {
      const isHead = first !== undefined && isHeadCall(first);
      for (
        let found = takeAnswer(this.received, read, isHead);
        found;
        found = takeAnswer(this.received, read, isHead)
      ) {
        read = found.end;
        answers.push(found.answer);
        const isLast = answers.length === cases.length;
        // Anything behind the last answer belongs to bytes that were left over: the next case needs
        // a new connection.
        if (found.closes || (isLast && (first?.way === 'ends' || isHead || this.received.length > read))) this.close();
        if (isLast || found.closes) return answers;
      }
      if (this.socket !== socket) return answers.length > 0 ? answers : [{ status: 'closed', postbackId: null }];
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
