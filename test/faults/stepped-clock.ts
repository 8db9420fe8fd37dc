import { readFileSync } from 'node:fs';

/** Loaded into a service before its own code (`node --import`): its wall clock can be stepped, as a
 * correction of the host's clock would, for its libraries too. SIGUSR2 makes it read the file that
 * `CAROM_TEST_CLOCK` names: the milliseconds that it is off from then on. Timers and
 * `performance.now()` do not move, like the monotonic clock of a host. */

const file = process.env['CAROM_TEST_CLOCK'];
const systemNow = Date.now;
let stepMs = 0;
const now = (): number => systemNow() + stepMs;

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
  apply: () => new Date().toString(),
  get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
});

process.on('SIGUSR2', () => {
  if (file) stepMs = Number(readFileSync(file, 'utf8'));
  process.stderr.write(`clock stepped by ${stepMs} ms\n`);
});
