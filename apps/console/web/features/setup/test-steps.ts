import type { TestStep } from '../../api/coming';

type StepState = 'done' | 'failed' | 'waiting';

const doneStates = new Set(['done', 'ok', 'passed', 'skipped', 'not_needed']);
const failedStates = new Set(['failed', 'refused', 'error', 'timeout']);

export const stepStateOf = (state: string): StepState => {
  if (doneStates.has(state)) return 'done';
  return failedStates.has(state) ? 'failed' : 'waiting';
};

/** Over when every step is done, or one has failed: what follows a failed one never happens. */
export const testIsOver = (steps: readonly TestStep[]): boolean => {
  const states = steps.map(({ state }) => stepStateOf(state));
  return steps.length > 0 && (states.includes('failed') || states.every((state) => state === 'done'));
};

const shownFirst = ['sentence', 'remedy', 'error', 'reason', 'status', 'location', 'url'];

/** The step's detail in one line: why it failed in words, else what was called and answered. */
export const detailOf = (detail: unknown): string => {
  if (typeof detail !== 'object' || detail === null) return typeof detail === 'string' ? detail : '';
  const values = detail as Record<string, unknown>;
  const given = shownFirst.filter((name) => typeof values[name] === 'string' || typeof values[name] === 'number');
  const words = given.includes('sentence') ? given.filter((name) => name === 'sentence' || name === 'remedy') : given;
  return words.map((name) => String(values[name]).replaceAll('_', name === 'reason' ? ' ' : '_')).join(' · ');
};
