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
      ends,
      bytes: Buffer.from(parts.map(([text, times]) => text.repeat(times)).join(''), 'latin1'),
    }));

const keepFinding = (what: string, seed: number, { bytes, ends }: FuzzCase): void => {
  const finding: Finding = { what, ends, parts: [[bytes.toString('latin1'), 1]] };
  writeFileSync(join(corpusFolder, `seed-${seed}.json`), `${JSON.stringify(finding, null, 2)}\n`);
};

type FuzzTotals = { statuses: Record<string, number>; accepted: Set<string>; faults: string[] };

const noteAnswer = (totals: FuzzTotals, answer: FuzzAnswer, what: string): boolean => {
  totals.statuses[answer.status] = (totals.statuses[answer.status] ?? 0) + 1;
  if (answer.status === 200 && answer.postbackId !== null) totals.accepted.add(answer.postbackId);
  if (typeof answer.status !== 'number' || answer.status < 500) return true;
  totals.faults.push(`${what} was answered ${answer.status}`);
  return false;
};

/** Sends the corpus, then `count` cases from `firstSeed` on, over `callers` connections. */
export const fuzz = async (
  port: number,
  options: { count: number; firstSeed: number; callers: number; clickIds: readonly string[] },
): Promise<FuzzTotals> => {
  const totals: FuzzTotals = { statuses: {}, accepted: new Set(), faults: [] };
  const corpus = readCorpus();
  let next = -corpus.length;
  const work = async (): Promise<void> => {
    const caller = new FuzzCaller(port);
    for (let at = next++; at < options.count; at = next++) {
      const seed = options.firstSeed + at;
      const given = at < 0 ? corpus[at + corpus.length]! : fuzzCase(seed, options.clickIds);
      const answer = await caller.send(given);
      const what = at < 0 ? `finding ${at + corpus.length}` : `seed ${seed}`;
      if (!noteAnswer(totals, answer, what) && at >= 0) keepFinding(what, seed, given);
    }
    caller.close();
  };
  await Promise.all(Array.from({ length: options.callers }, work));
  return totals;
};

type IngestFigures = { cpuSeconds: number; lagP99Ms: number };

export const figuresOf = async (ground: Pick<IntakeGround, 'ingest'>): Promise<IngestFigures> => {
  const text = await (await fetch(`${ground.ingest.healthUrl}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)`, 'm').exec(text)?.[1] ?? NaN);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    lagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
  };
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
