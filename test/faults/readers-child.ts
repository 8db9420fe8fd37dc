import { get, type IncomingMessage } from 'node:http';
import { percentile, round } from './scenario.js';
import { wallMs } from '../support/wall-clock.js';

/** Readers of a stream of the console, in a process of their own. Of an event only its id is read:
 * it holds the time of the decision, and it is all that the accounts need. */
export type ReadersOrder =
  | { open: { url: string; token: string; readers: number; stalled: number } }
  | { reconnect: { reader: number; awayMs: number } }
  | { forgetTimes: true }
  | { resumeStalled: true }
  | { late: { without: number } }
  | { take: string[] };
/** Per reader. `missed` and `repeated`: of the ids asked for. */
export type ReaderAccount = {
  isStalled: boolean;
  got: number;
  missed: number;
  repeated: number;
  ends: string[];
};
/** How late events came to readers that read, in ms. */
export type Lateness = { p99Ms: number; maxMs: number };

type Reader = {
  isStalled: boolean;
  answer: IncomingMessage | null;
  counts: Map<string, number>;
  lastEventId: string | null;
  lateMs: number[];
  /** Names of events that end a stream, and that the connection ended. */
  ends: string[];
};

const readers: Reader[] = [];
let target = { url: '', token: '' };

const take = (reader: Reader, line: string): void => {
  if (line.startsWith('id: ')) {
    reader.lastEventId = line.slice(4);
    const [at, id] = line.slice(4).split('_') as [string, string];
    reader.counts.set(id, (reader.counts.get(id) ?? 0) + 1);
    reader.lateMs.push(wallMs() - Date.parse(at));
  } else if (/^event: (dropped|truncated|closing)/.test(line)) reader.ends.push(line.slice(7));
};

const connect = (reader: Reader): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${target.token}`,
      ...(reader.lastEventId !== null && { 'last-event-id': reader.lastEventId }),
    };
    const request = get(`${target.url}/api/v1/postbacks/stream`, { agent: false, headers }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`answered ${answer.statusCode}`));
      reader.answer = answer;
      let rest = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) take(reader, line);
      });
      answer.once('close', () => reader.answer === answer && reader.ends.push('connection ended'));
      if (reader.isStalled) answer.pause();
      resolve();
    });
    request.once('error', (error) => (reader.answer ? undefined : reject(error)));
  });

const accountOf = ({ isStalled, counts, ends }: Reader, ids: readonly string[]): ReaderAccount => {
  const seen = ids.map((id) => counts.get(id) ?? 0);
  return {
    isStalled,
    got: counts.size,
    missed: seen.filter((count) => count === 0).length,
    repeated: seen.filter((count) => count > 1).length,
    ends,
  };
};

const latenessOf = (some: readonly Reader[]): Lateness => {
  const times = some.flatMap(({ isStalled, lateMs }) => (isStalled ? [] : lateMs)).sort((a, b) => a - b);
  return { p99Ms: round(percentile(times, 0.99)), maxMs: round(times.at(-1) ?? 0) };
};

const act = async (order: ReadersOrder): Promise<unknown> => {
  if ('open' in order) {
    const { url, token, readers: count, stalled } = order.open;
    target = { url, token };
    const opened = Array.from({ length: count + stalled }, (_, index) => ({
      isStalled: index >= count,
      answer: null,
      counts: new Map<string, number>(),
      lastEventId: null,
      lateMs: [],
      ends: [],
    }));
    for (const reader of opened) await connect(reader);
    readers.push(...opened);
  } else if ('reconnect' in order) {
    const reader = readers[order.reconnect.reader] as Reader;
    const { answer } = reader;
    reader.answer = null;
    answer?.destroy();
    await new Promise((resolve) => setTimeout(resolve, order.reconnect.awayMs));
    await connect(reader);
  } else if ('forgetTimes' in order) for (const reader of readers) reader.lateMs = [];
  else if ('resumeStalled' in order)
    for (const { answer } of readers.filter(({ isStalled }) => isStalled)) answer?.resume();
  else if ('late' in order) return latenessOf(readers.filter((_, index) => index !== order.late.without));
  else return readers.map((reader) => accountOf(reader, order.take));
  return true;
};

process.on('message', (order: ReadersOrder) => {
  act(order).then(
    (answer) => process.send?.(answer ?? true),
    (thrown: unknown) => process.send?.({ error: String(thrown) }),
  );
});
process.on('disconnect', () => process.exit(0));
