import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { failPoints, parseFailPoint } from './fail-point.js';
import { projectRoot } from './project-root.js';

/** A process that passes the point three times and prints each. */
const passing = `
  import { failPoint } from ${JSON.stringify(join(projectRoot, 'dist/libs/runtime/fail-point.js'))};
  for (const pass of [1, 2, 3]) { await failPoint('dispatch.sent'); console.log(pass); }`;
const run = (setting: string | undefined) => {
  const env = { ...process.env, CAROM_FAIL_POINT: setting };
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', passing], {
    env,
    encoding: 'utf8',
    timeout: 2_000,
    killSignal: 'SIGKILL',
  });
  return { passes: child.stdout.trim().split('\n').filter(Boolean).length, child };
};

describe('a fail point', () => {
  it('does nothing unless the environment names it', () => {
    expect(run(undefined).passes).toBe(3);
    expect(run('dispatch.claimed:die').passes).toBe(3);
  });

  it('ends the process as a crash does, at the pass that is named', () => {
    const { passes, child } = run('dispatch.sent:die:2');
    expect([passes, child.signal]).toEqual([1, 'SIGKILL']);
  });

  it('freezes the process', () => {
    const { passes, child } = run('dispatch.sent:freeze:3');
    expect(passes).toBe(2);
    expect(child.error).toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('throws', () => {
    const { passes, child } = run('dispatch.sent:throw');
    expect(passes).toBe(0);
    expect(child.stderr).toContain('fail point dispatch.sent');
  });

  it.each(['ledger', 'ledger:explode', 'ledger:die:0', ':die'])('refuses a setting that it cannot read: %s', (text) => {
    expect(() => parseFailPoint(text)).toThrow(/is not <name>/);
  });

  it('refuses to start a process for a point that does not exist, and names those that do', () => {
    const { passes, child } = run('dispatch.send:die');
    expect([passes, child.status]).toEqual([0, 1]);
    expect(child.stderr).toContain(
      `names no fail point: "dispatch.send"; known: ${Object.keys(failPoints).join(', ')}`,
    );
  });
});
