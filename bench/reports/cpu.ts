import { readdirSync, readFileSync } from 'node:fs';

/** A tick of /proc is a hundredth of a second. */
const tickMs = 10;

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces. */
const statOf = (pid: string | number): number[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
};
// Counted from the parent's id, which is the fourth field of the line.
const field = { parent: 0, user: 10, system: 11, endedUser: 12, endedSystem: 13 };

/** What a process and its children have used, ended children included, in ms of CPU. Null where
 * there is no /proc. */
export const cpuMsOf = (pid: number): number | null => {
  const own = statOf(pid);
  if (!own) return null;
  const at = (stat: readonly number[], name: keyof typeof field): number => stat[field[name]] ?? 0;
  let ticks = at(own, 'user') + at(own, 'system') + at(own, 'endedUser') + at(own, 'endedSystem');
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : null;
    if (stat && at(stat, 'parent') === pid) ticks += at(stat, 'user') + at(stat, 'system');
  }
  return ticks * tickMs;
};
