import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IntakeGround } from '../e2e/intake-ground.js';
import { waitFor } from '../support/wait-for.js';
import { fuzzCase, type FuzzCase } from './cases.js';
import { FuzzCaller, type FuzzAnswer } from './send.js';

/** Fuzzing of the running ingest over raw sockets. What it holds: no answer of 5xx, no crash, each
 *  call that was answered OK is one record, and no call costs much more than an honest one. */

const corpusFolder = join('test', 'fuzz', 'corpus');

/** A finding: texts in Latin-1 with how often each is repeated, so that a large call is a small
 *  file. */
type Finding = { what: string; ends: boolean; parts: [text: string, times: number][] };

const readCorpus = (): FuzzCase[] =>
  readdirSync(corpusFolder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(corpusFolder, name), 'utf8')) as Finding)
    .map(({ ends, parts }) => ({
      way: ends ? ('ends' as const) : ('alone' as const),
      bytes: Buffer.from(parts.map(([text, times]) => text.repeat(times)).join(''), 'latin1'),
    }));

const keepFinding = (what: string, seed: number, { bytes, way }: FuzzCase): void => {
  const finding: Finding = { what, ends: way === 'ends', parts: [[bytes.toString('latin1'), 1]] };
  writeFileSync(join(corpusFolder, `seed-${seed}.json`), `${JSON.stringify(finding, null, 2)}\n`);
};

type FuzzTotals = {
  statuses: Record<string, number>;
  accepted: Set<string>;
  /** Answers that only a postback gets. */
  postbacks: number;
  /** Calls that may have been counted all the same: the connection was closed, or the error of what
   *  stood behind the call came before its answer. */
  unknown: number;
  /** Calls that were sent again because the server closed the connection in front of them. */
  repeated: number;
  faults: string[];
};

type Sent = { what: string; seed: number | null; fuzzCase: FuzzCase };

const noteAnswer = (totals: FuzzTotals, { status, postbackId }: FuzzAnswer, { what, seed, fuzzCase: sent }: Sent) => {
  totals.statuses[status] = (totals.statuses[status] ?? 0) + 1;
  if (status === 200 && postbackId !== null) totals.accepted.add(postbackId);
  if (postbackId !== null || status === 429) totals.postbacks += 1;
  else if (sent.way !== 'in-a-row') totals.unknown += 1;
  if (typeof status !== 'number' || status < 500) return;
  totals.faults.push(`${what} was answered ${status}`);
  if (seed !== null) keepFinding(what, seed, sent);
};

/** Calls in a row on one connection. */
const maxInARow = 16;

/** Sends the corpus, then `count` cases from `firstSeed` on, over `callers` connections. */
export const fuzz = async (
  port: number,
  options: { count: number; firstSeed: number; callers: number; clickIds: readonly string[] },
): Promise<FuzzTotals> => {
  const totals: FuzzTotals = { statuses: {}, accepted: new Set(), postbacks: 0, unknown: 0, repeated: 0, faults: [] };
  const corpus = readCorpus();
  let next = -corpus.length;
  const take = (): Sent | null => {
    if (next >= options.count) return null;
    const at = next++;
    const given = at < 0 ? corpus[at + corpus.length] : undefined;
    if (given) return { what: `finding ${at + corpus.length}`, seed: null, fuzzCase: given };
    const seed = options.firstSeed + at;
    return { what: `seed ${seed}`, seed, fuzzCase: fuzzCase(seed, options.clickIds) };
  };
  const work = async (): Promise<void> => {
    const caller = new FuzzCaller(port);
    let waiting = take();
    while (waiting) {
      const row = [waiting];
      waiting = take();
      while (row[0]?.fuzzCase.way === 'in-a-row' && waiting?.fuzzCase.way === 'in-a-row' && row.length < maxInARow) {
        row.push(waiting);
        waiting = take();
      }
      const answers = await caller.send(row.map((sent) => sent.fuzzCase));
      for (const [index, answer] of answers.entries()) noteAnswer(totals, answer, row[index]!);
    }
    totals.repeated += caller.repeated;
    caller.close();
  };
  await Promise.all(Array.from({ length: options.callers }, work));
  return totals;
};

export type IngestFigures = {
  cpuSeconds: number;
  /** Since the figures were read before. */
  lagP99Ms: number;
  memoryMb: number;
  /** Postbacks that were counted, with any outcome. */
  postbacks: number;
};

export const figuresOf = async (ground: Pick<IntakeGround, 'ingest'>): Promise<IngestFigures> => {
  const text = await (await fetch(`${ground.ingest.healthUrl}/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\S+)`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return {
    cpuSeconds: sum('process_cpu_seconds_total'),
    lagP99Ms: sum('nodejs_eventloop_lag_p99_seconds') * 1_000,
    memoryMb: sum('process_resident_memory_bytes') / 1e6,
    postbacks: sum('carom_ingest_postbacks_total'),
  };
};

/** Whether each call that was answered as a postback was counted once.
 *  @throws Error with the numbers */
export const proveCounts = (before: IngestFigures, after: IngestFigures, totals: FuzzTotals): void => {
  const counted = after.postbacks - before.postbacks;
  const { postbacks, unknown, repeated } = totals;
  if (counted < postbacks || counted > postbacks + unknown + repeated)
    throw new Error(
      `${postbacks} to ${postbacks + unknown + repeated} postbacks were answered, and ${counted} counted`,
    );
};

/** Whether every call that was answered OK is exactly one record. */
export const proveRecords = async (ground: IntakeGround, { accepted }: FuzzTotals): Promise<void> => {
  const seen = (): Set<string> => new Set(ground.postbacks.map(({ id }) => id));
  await waitFor(() => {
    const recorded = seen();
    return [...accepted].every((id) => recorded.has(id));
  }, 60_000);
  if (seen().size !== ground.postbacks.length) throw new Error('a call was recorded twice');
};
