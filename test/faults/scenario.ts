import type { FaultServers } from './servers.js';

/** One sentence that the run must have made true, with what was counted. */
export type Held = { claim: string; ok: boolean; seen: string };
type Numbers = Record<string, number | string>;
export type Result = { numbers: Numbers; held: Held[] };

/** One way in which a part of the system fails, and what must hold in spite of it. */
export type Scenario = {
  name: string;
  /** What is done to what, for the table and the document. */
  what: string;
  /** Whether it breaks Kafka, Postgres or Redis themselves: they are not used after it. The others
   * use one set after each other, with a database and topics of their own. */
  breaksServers: boolean;
  /** A run that takes longer has failed. */
  maxSeconds: { short: number; long: number };
  run: (servers: FaultServers, options: { long: boolean; say: (line: string) => void }) => Promise<Result>;
};

/** @param seen what was counted: printed beside the claim whether it holds or not. */
export const held = (claim: string, ok: boolean, seen: unknown): Held => ({
  claim,
  ok,
  seen: typeof seen === 'string' ? seen : JSON.stringify(seen),
});

/** The value below which that share of the values lies; 0 for none. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
};

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Runs on something that must be closed. When the run has failed, that error is thrown, not one of
 * the closing. */
export const closingAfter = async <Opened extends { close: () => Promise<void> }, Answer>(
  opened: Opened,
  run: (opened: Opened) => Promise<Answer>,
): Promise<Answer> => {
  let answer: Answer;
  try {
    answer = await run(opened);
  } catch (thrown) {
    await opened.close().catch(() => undefined);
    throw thrown;
  }
  await opened.close();
  return answer;
};

/** Runs one scenario within its bound. What it throws becomes a claim that did not hold: a scenario
 * never ends the run. */
export const runBounded = async (
  scenario: Scenario,
  servers: FaultServers,
  long: boolean,
  say: (line: string) => void,
): Promise<Result & { name: string; seconds: number }> => {
  const begin = performance.now();
  const maxSeconds = scenario.maxSeconds[long ? 'long' : 'short'];
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${maxSeconds} s`)), maxSeconds * 1_000);
  });
  let result: Result;
  try {
    result = await Promise.race([scenario.run(servers, { long, say }), tooLong]);
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    result = { numbers: {}, held: [held('the scenario came to its end', false, why)] };
  } finally {
    clearTimeout(timer);
  }
  return { name: scenario.name, seconds: round((performance.now() - begin) / 1_000), ...result };
};

export const printed = ({ name, seconds, numbers, held: claims }: Result & { name: string; seconds: number }): string =>
  [
    `${claims.every(({ ok }) => ok) ? '✓' : '✗'} ${name} (${seconds} s)`,
    ...claims.map(({ claim, ok, seen }) => `    ${ok ? '✓' : '✗'} ${claim}: ${seen}`),
    `      ${Object.entries(numbers)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}`,
  ].join('\n');
