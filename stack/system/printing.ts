import type { Writable } from 'node:stream';

const width = 12;
const paint = (out: Writable & { isTTY?: boolean }, code: number, text: string): string =>
  out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text;

/** A service's log line (JSON, as pino writes it) as a person reads it; any other line stays as it
 * is. `info batch.attributed applied=12 tookMs=8` */
const readable = (line: string): string => {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  if (typeof entry !== 'object' || entry === null || !('level' in entry)) return line;
  const { level, time: _time, pid: _pid, app: _app, event, msg, ...rest } = entry;
  const fields = Object.entries(rest).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name}=${text}`;
  });
  return [level, event, msg, ...fields].filter((part) => part !== undefined).join(' ');
};

/** A function that prints lines with a name in front, so that five processes can share one
 * terminal. */
export const printerOf =
  (name: string, out: Writable & { isTTY?: boolean } = process.stdout) =>
  (line: string): void =>
    void out.write(`${paint(out, 36, name.padEnd(width))}| ${readable(line)}\n`);
