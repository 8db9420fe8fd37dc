import * as real from '../../node_modules/fast-check/lib/fast-check.js';
import { testRuns, testSeed } from './test-seed.js';

/** What `import fc from 'fast-check'` gives in a test (`moduleNameMapper` of jest.config.js): with
 * the seed of the run, and with `CAROM_TEST_RUNS` times the runs that a property asks for. */

real.configureGlobal({ seed: testSeed });

const defaultRuns = 100;

const widened = <Values>(parameters: real.Parameters<Values> = {}): real.Parameters<Values> => {
  if (testRuns === 1) return parameters;
  const { numRuns = defaultRuns, interruptAfterTimeLimit: limitMs } = parameters;
  const limit = limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs * testRuns };
  return { ...parameters, numRuns: numRuns * testRuns, ...limit };
};

const assert = ((property: real.IRawProperty<unknown>, parameters?: real.Parameters<unknown>) =>
  real.assert(property, widened(parameters))) as typeof real.assert;
const check = ((property: real.IRawProperty<unknown>, parameters?: real.Parameters<unknown>) =>
  real.check(property, widened(parameters))) as typeof real.check;

export default { ...real, assert, check };
