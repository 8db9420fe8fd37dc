/** What a row needs of the frame. */
export type BenchContext = {
  /** Minutes instead of seconds, for figures that go into documents. */
  long: boolean;
  /** A line on the screen while the row runs. */
  say: (line: string) => void;
};

/** What came out. `ours` and `limit` have the row's unit; a row without a physical limit (a
 * latency) leaves `limit` out. `details` goes into the JSON: counts that prove that what was
 * measured was also done. Throw when the accounts do not add up. */
export type Measured = { ours: number; limit?: number; details: Record<string, unknown> };

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
  measure: (context: BenchContext) => Promise<Measured>;
};

export type Outcome = { row: BenchRow; measured: Measured | null; error: string | null; seconds: number };

/** The number that is held against `atLeast` and `aim`. */
export const scoreOf = ({ ours, limit }: Measured): number => (limit === undefined ? ours : ours / limit);

type Grade = 'aim' | 'held' | 'below';
export const gradeOf = ({ better, aim, atLeast }: BenchRow, score: number): Grade => {
  const reaches = (bound: number) => (better === 'higher' ? score >= bound : score <= bound);
  if (reaches(aim)) return 'aim';
  return reaches(atLeast) ? 'held' : 'below';
};

/** Two figures taken alternately, so that a slow minute of the machine hits both: a b a b … Returns
 * the mean of each. */
export const alternately = async (
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<[number, number]> => {
  const sums: [number, number] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    sums[0] += await first();
    sums[1] += await second();
  }
  return [sums[0] / rounds, sums[1] / rounds];
};
