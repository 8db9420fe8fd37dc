import type { Service } from './service.js';

type Line = { time?: string; level?: string; event?: string; [field: string]: unknown };

const shownEvents = new Set(['process.started', 'process.ready', 'kafka.group_joined']);
const maxLineLength = 300;

/** What processes logged about starts, memberships and failures, in the order of time: why a test
 * had to wait. Lines that are not JSON have no time and come first. */
export const storyOf = (processes: Readonly<Record<string, Service>>, fromMs: number): string => {
  const lines = Object.entries(processes).flatMap(([name, service]) =>
    service
      .log()
      .split('\n')
      .flatMap((text) => lineOf(name, text, fromMs)),
  );
  return lines
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ text }) => text.slice(0, maxLineLength))
    .join('\n');
};

const lineOf = (name: string, text: string, fromMs: number): { atMs: number; text: string }[] => {
  if (text === '') return [];
  if (!text.startsWith('{')) return [{ atMs: 0, text: `         ${name}: ${text}` }];
  const { time = '', level, event = '', ...fields } = JSON.parse(text) as Line;
  if (level === 'info' && !shownEvents.has(event)) return [];
  const atMs = Date.parse(time);
  if (atMs < fromMs) return [];
  const { app: _app, pid: _pid, config: _config, stack: _stack, ...rest } = fields;
  const at = `+${((atMs - fromMs) / 1000).toFixed(1)} s`;
  return [{ atMs, text: `${at.padStart(8)} ${name}: ${event} ${JSON.stringify(rest)}` }];
};
