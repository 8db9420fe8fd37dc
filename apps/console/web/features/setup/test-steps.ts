import type { TestStep } from '../../api/coming';

export type StepState = 'done' | 'failed' | 'waiting';

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

/** The step's detail in one line; parts that only programs need are left out. */
export const detailOf = (detail: unknown): string => {
  if (typeof detail === 'string') return detail;
  if (typeof detail !== 'object' || detail === null) return '';
  return Object.entries(detail)
    .filter(([name, value]) => !name.endsWith('Id') && (typeof value === 'string' || typeof value === 'number'))
    .map(([, value]) => String(value))
    .join(' · ');
};
