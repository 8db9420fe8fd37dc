/** Named places in the pipelines at which a test can make the process die, freeze or throw:
 *  `CAROM_FAIL_POINT="<name>:<die|freeze|throw>[:<nth>]"`. It acts at the nth pass (the first
 *  unless given) and only then; without the variable a fail point does nothing. */

type Armed = { name: string; action: 'die' | 'freeze' | 'throw'; passesLeft: number };

const shape = /^([a-z][a-z0-9.-]*):(die|freeze|throw)(?::([1-9]\d*))?$/;

/** @throws Error for a value of another form: a test with a typing error must not pass. */
export const parseFailPoint = (text: string): Armed => {
  const [, name, action, nth = '1'] = shape.exec(text) ?? [];
  if (name === undefined) throw new Error(`CAROM_FAIL_POINT="${text}" is not <name>:<die|freeze|throw>[:<nth>]`);
  return { name, action: action as Armed['action'], passesLeft: Number(nth) };
};

const setting = process.env['CAROM_FAIL_POINT'];
const armed = setting ? parseFailPoint(setting) : null;

const actions = {
  // SIGKILL and SIGSTOP: no handler runs, as in a crash or a frozen host.
  die: () => process.kill(process.pid, 'SIGKILL'),
  freeze: () => process.kill(process.pid, 'SIGSTOP'),
  throw: () => {
    throw new Error(`fail point ${armed?.name}`);
  },
};

/** Passes a fail point. Await it, so that what follows has not begun when the process dies. */
export const failPoint = async (name: string): Promise<void> => {
  if (armed?.name !== name) return;
  armed.passesLeft -= 1;
  if (armed.passesLeft !== 0) return;
  process.stderr.write(`fail point ${name}: ${armed.action}\n`);
  actions[armed.action]();
  // The signal is delivered asynchronously.
  await new Promise((resolve) => setTimeout(resolve, 50));
};
