import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import { gradeOf, scoreOf, spreadOf, type Outcome } from './row.js';

/** One row as it is written to `bench/results/<name>.<short|long>.json`. */
export type Result = {
  at: string;
  long: boolean;
  machine: { cpus: number; model: string | undefined; node: string };
  name: string;
  what: string;
  unit: string;
  limitIs: string | null;
  better: 'higher' | 'lower';
  atLeast: number;
  aim: number;
  ours: number | null;
  limit: number | null;
  /** `ours / limit`, or `ours` where there is no limit: the median of the rounds. */
  ratio: number | null;
  p50: number | null;
  p99: number | null;
  rounds: number;
  spread: [number, number] | null;
  /** CPU seconds per 1,000 units, by process. */
  cpu: Record<string, number> | null;
  walBytes: number | null;
  peakMb: Record<string, number> | null;
  verified: string | null;
  grade: 'aim' | 'held' | 'below' | null;
  details: Record<string, unknown>;
  seconds: number;
  error: string | null;
};

const resultOf = ({ row, measured, error, seconds }: Outcome, long: boolean): Result => {
  const { measure: _measure, longOnly: _longOnly, ...said } = row;
  const ratio = measured ? scoreOf(measured) : null;
  return {
    at: new Date().toISOString(),
    long,
    machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version },
    ...said,
    ours: measured?.ours ?? null,
    limit: measured?.limit ?? null,
    ratio,
    p50: measured?.p50Ms ?? null,
    p99: measured?.p99Ms ?? null,
    rounds: measured?.rounds?.length ?? (measured ? 1 : 0),
    spread: measured ? spreadOf(measured) : null,
    cpu: measured?.spent?.cpu ?? null,
    walBytes: measured?.spent?.walBytes ?? null,
    peakMb: measured?.spent?.peakMb ?? null,
    verified: measured?.verified ?? null,
    grade: ratio === null ? null : gradeOf(row, ratio),
    details: measured?.details ?? {},
    seconds,
    error,
  };
};

/** Whether a row was not measured, or is below its minimum. */
export const isBelow = ({ row, measured }: Outcome): boolean =>
  measured === null || gradeOf(row, scoreOf(measured)) === 'below';

export const writeResults = (outcomes: readonly Outcome[], long: boolean): void => {
  const folder = join(projectRoot, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  for (const outcome of outcomes) {
    const result = resultOf(outcome, long);
    const file = join(folder, `${result.name}.${long ? 'long' : 'short'}.json`);
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  }
};
