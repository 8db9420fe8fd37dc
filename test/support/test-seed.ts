import { execFileSync } from 'node:child_process';

/** Random cases follow from the commit: two runs of one commit try the same cases, and each commit
 * tries new ones. Else a commit that has passed could fail later by a rare case of another. */

/** The first 28 bits of the hash of HEAD; null outside of a repository. */
const seedOfCommit = (): number | null => {
  try {
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore'];
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8', stdio });
    return Number.parseInt(hash.slice(0, 7), 16);
  } catch {
    return null;
  }
};

const wholeNumberIn = (name: string, min: number, max: number): number | null => {
  const value = process.env[name];
  if (!value) return null;
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max)
    throw new Error(`${name} is ${value}: it must be a whole number from ${min} to ${max}`);
  return number;
};

/** Set in the environment once, so that all processes of a run have the same. */
export const testSeed: number =
  wholeNumberIn('CAROM_TEST_SEED', 0, 0x7fff_ffff) ?? seedOfCommit() ?? Math.floor(Math.random() * 0x1000_0000);
process.env.CAROM_TEST_SEED = String(testSeed);

/** How many times as many cases each property tries as its test says. */
export const testRuns: number = wholeNumberIn('CAROM_TEST_RUNS', 1, 10_000) ?? 1;
