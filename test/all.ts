import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { messageOf, projectRoot } from '#runtime';
import { environmentOf, startServers } from '../stack/servers/servers.js';
import { testRuns, testSeed } from './support/test-seed.js';

/** `npm test`: everything that must pass, stage by stage, and one summary. A failed stage does not
 * stop the others, so one run of some minutes shows all failures. `npm test -- lint int` runs only
 * the stages it names. The last line is for machines: `N passed, N failed`. */

type Outcome = { name: string; passed: number; failed: number; seconds: number };
type Step = { name: string; command: string; args: string[] };

const bin = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'carom-test-all-'));
// Postgres runs as another user when we are root, and has to reach its folder.
chmodSync(scratch, 0o711);

const jest = (project: string, name = project, ...args: string[]): Step & { report: string } => {
  const report = join(scratch, `${name}.json`);
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const file = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--selectProjects', project, '--passWithNoTests', `--seed=${testSeed}`, '--json'];
  return {
    name,
    command: process.execPath,
    args: [...node, file, ...options, `--outputFile=${report}`, ...args],
    report,
  };
};

/** Every process that descends from this run carries this in its environment; so what is left
 * behind can be found. */
const run = `run-${randomBytes(6).toString('hex')}`;
const running = new Set<ChildProcess>();
let interrupted = false;

const runStep = (step: Step, env: NodeJS.ProcessEnv): Promise<boolean> =>
  new Promise((resolve) => {
    // jest writes its report to stdout too when asked for JSON: the file is enough.
    const stdio: ('ignore' | 'inherit')[] = ['ignore', 'report' in step ? 'ignore' : 'inherit', 'inherit'];
    const child = spawn(step.command, step.args, { cwd: projectRoot, env, stdio });
    running.add(child);
    const end = (ok: boolean): void => {
      running.delete(child);
      resolve(ok);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });

/** Tests that passed and failed; a file that could not even be loaded counts as one failure. */
const readReport = (file: string, ok: boolean): { passed: number; failed: number } => {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numRuntimeErrorTestSuites: number;
    };
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed: ok ? failed : Math.max(1, failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const outcomeOf = async (step: Step & { report?: string }, env: NodeJS.ProcessEnv): Promise<Outcome> => {
  if (interrupted) return { name: step.name, passed: 0, failed: 1, seconds: 0 };
  console.log(`\n── ${step.name}`);
  const begin = performance.now();
  const ok = await runStep(step, env);
  const counts = step.report ? readReport(step.report, ok) : { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  return { name: step.name, ...counts, seconds: (performance.now() - begin) / 1000 };
};

/** Command lines of processes of this run that still live, other than this one (Linux only:
 * elsewhere nothing is known). */
const leftBehind = (): string[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(run)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
      } catch {
        return [];
      }
    });
};

const nothingLeft = async (): Promise<Outcome> => {
  // A process may take a moment to exit after its signal.
  for (let tries = 0; tries < 30 && leftBehind().length > 0; tries += 1) await wait(100);
  const left = leftBehind();
  if (left.length > 0) console.log(`processes that were left behind:\n${left.join('\n')}`);
  return { name: 'no process left', passed: left.length === 0 ? 1 : 0, failed: left.length === 0 ? 0 : 1, seconds: 0 };
};

const checks: Step[] = [
  { name: 'lint', command: bin('eslint'), args: ['.'] },
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', '.'] },
  { name: 'types of the page', command: bin('tsc'), args: ['-p', 'apps/console/web'] },
];

/** Files that measure have the machine to themselves: they limit what a call costs, or how soon a
 * change of the catalog is in force. */
const measuring = ['console-catalog|first-run', 'intake-(fuzz|strangers|ways)|intake\\.e2e'].join('|');
/** The two longest files: each has a browser. */
const page = 'console-web';
const e2e = (name: string, ...args: string[]): Step => jest('e2e', `e2e ${name}`, ...args);

/** Beside each other: the checks and a browser keep one core busy, while the tests on the servers
 * wait for nearly half of their time. */
const lanes: Step[][] = [
  [...checks, e2e('of the page', '--runInBand', `--testPathPatterns=${page}`)],
  [jest('int'), jest('unit'), e2e('in parallel', '--maxWorkers=2', `--testPathIgnorePatterns=${measuring}|${page}`)],
];
const alone: Step[] = [e2e('alone', '--runInBand', `--testPathPatterns=${measuring}`)];
const stages: Step[] = [...lanes.flat(), ...alone];

/** `e2e` names all stages of it. */
const asked = process.argv.slice(2);
const isAsked = ({ name }: Step): boolean => asked.length === 0 || asked.some((start) => name.startsWith(start));

const refuseUnknownStages = (): void => {
  const names = stages.map(({ name }) => name);
  const unknown = asked.filter((start) => !names.some((name) => name.startsWith(start)));
  if (unknown.length === 0) return;
  throw new Error(`there is no stage ${unknown.join(', ')}; stages are ${names.join(', ')}`);
};

const inTurn = async (steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const step of steps) if (isAsked(step)) outcomes.push(await outcomeOf(step, env));
  return outcomes;
};

const onServers = ({ name }: Step): boolean => name === 'int' || name.startsWith('e2e');

/** With the servers that the stages need which were asked for. */
const withServers = async (
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv) => Promise<Outcome[]>,
): Promise<Outcome[]> => {
  if (!stages.some((step) => onServers(step) && isAsked(step))) return work(env);
  const servers = await startServers({ dataDir: join(scratch, 'servers'), env, durable: false });
  try {
    // Two runs of jest would unpack the browser at the same time, and one would start half of it.
    await chromium.executablePath();
    return await work({ ...env, ...environmentOf(servers) });
  } finally {
    await servers.stop();
  }
};

const all = async (): Promise<Outcome[]> => {
  refuseUnknownStages();
  process.env.CAROM_TEST_RUN = run;
  const outcomes = await withServers(process.env, async (env) => {
    const beside = await Promise.all(lanes.map((steps) => inTurn(steps, env)));
    return [...beside.flat(), ...(await inTurn(alone, env))];
  });
  return [...outcomes, await nothingLeft()];
};

const print = (outcomes: Outcome[]): void => {
  console.log('\n── summary');
  for (const { name, passed, failed, seconds } of outcomes)
    console.log(
      `${failed === 0 ? '✓' : '✗'} ${name.padEnd(17)} ${`${passed} passed`.padStart(12)} ${`${failed} failed`.padStart(10)} ${seconds.toFixed(1).padStart(7)} s`,
    );
  const sum = (of: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
  console.log(`CAROM_TEST_SEED=${testSeed} CAROM_TEST_RUNS=${testRuns}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill('SIGTERM');
  });
try {
  print(await all());
} catch (thrown) {
  console.error(messageOf(thrown));
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
