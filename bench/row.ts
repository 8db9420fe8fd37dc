import type { Meter, Spent } from './meter.js';

/** What a row needs of the frame. */
export type BenchContext = {
  /** Minutes instead of seconds, for figures that go into documents. */
  long: boolean;
  /** A line on the screen while the row runs. */
  say: (line: string) => void;
  meter: Meter;
  /** What several rows one after another share is opened once. It is closed when a row asks for
   * another one, and at the end. */
  stage: <T>(name: string, open: () => Promise<Opened<T>>) => Promise<T>;
};

export type Opened<T> = { value: T; close: () => Promise<void> };

/** One round: both sides were measured within the same seconds. */
type Round = { ours: number; limit?: number };

/** What came out. `ours` and `limit` have the row's unit; a row without a physical limit (a
 * latency) leaves `limit` out. Throw when the accounts do not add up. */
export type Measured = Round & {
  /** Where it was measured several times; `ours` and `limit` are then the medians. */
  rounds?: readonly Round[];
  p50Ms?: number;
  p99Ms?: number;
  spent?: Spent;
  /** What was checked of the results: ids, not only counts. */
  verified?: string;
  details: Record<string, unknown>;
};

export type BenchRow = {
  /** For the command line. */
  name: string;
  what: string;
  unit: string;
  /** What `limit` is; null for a row that is held against absolute figures or against itself. */
  limitIs: string | null;
  /** Of the ratio ours / limit; where there is no limit, of `ours` itself. */
  atLeast: number;
  aim: number;
  better: 'higher' | 'lower';
  /** Only with `--long`, or by its name. */
  longOnly?: true;
  measure: (context: BenchContext) => Promise<Measured>;
};

export type Outcome = { row: BenchRow; measured: Measured | null; error: string | null; seconds: number };

const ratioOf = ({ ours, limit }: Round): number => (limit === undefined ? ours : ours / limit);

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** The medians of several rounds. */
export const fromRounds = (rounds: readonly Round[]): Pick<Measured, 'ours' | 'limit' | 'rounds'> => {
  const limits = rounds.flatMap(({ limit }) => limit ?? []);
  const ours = median(rounds.map((round) => round.ours));
  return { ours, ...(limits.length > 0 ? { limit: median(limits) } : {}), rounds };
};

/** The number that is held against `atLeast` and `aim`: the median of the rounds' ratios. */
export const scoreOf = (measured: Measured): number => median((measured.rounds ?? [measured]).map(ratioOf));

/** The lowest and the highest round. */
export const spreadOf = (measured: Measured): [number, number] => {
  const ratios = (measured.rounds ?? [measured]).map(ratioOf);
  return [Math.min(...ratios), Math.max(...ratios)];
};

type Grade = 'aim' | 'held' | 'below';
export const gradeOf = ({ better, aim, atLeast }: BenchRow, score: number): Grade => {
  const reaches = (bound: number) => (better === 'higher' ? score >= bound : score <= bound);
  if (reaches(aim)) return 'aim';
  return reaches(atLeast) ? 'held' : 'below';
};

/** Two figures taken alternately, so that a slow minute of the machine hits both: a b a b … */
export const alternately = async (
  rounds: number,
  ours: () => Promise<number>,
  limit: () => Promise<number>,
): Promise<Round[]> => {
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) all.push({ ours: await ours(), limit: await limit() });
  return all;
};
