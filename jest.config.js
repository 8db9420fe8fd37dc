import { testRuns } from './dist/test/support/test-seed.js';

/** Three prices of tests, told by the suffix: `.spec.ts` is pure, `.int.spec.ts` uses real services, `.e2e.spec.ts` the whole system. */
const one = {
  rootDir: '.',
  testEnvironment: 'node',
  roots: ['apps', 'libs', 'stack', 'demo', 'ops', 'test', 'bench'].map((folder) => `<rootDir>/${folder}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^#([a-z]+)$': '<rootDir>/libs/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/test/support/fast-check.ts',
  },
};

/** Compiled, because jest loads a setup natively and node finds `#runtime` and the like in dist. */
const withServers = {
  ...one,
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
};

export default {
  testTimeout: 60_000 * testRuns,
  maxWorkers: 2,
  projects: [
    { ...one, displayName: 'unit', testRegex: '(?<!\\.(int|e2e))\\.spec\\.ts$' },
    { ...withServers, displayName: 'int', testRegex: '\\.int\\.spec\\.ts$' },
    { ...withServers, displayName: 'e2e', testRegex: '\\.e2e\\.spec\\.ts$' },
  ],
};
