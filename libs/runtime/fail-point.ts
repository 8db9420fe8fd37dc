/** The steps of the services at which a test can make the process die, freeze or throw, each with
 * what has happened there and what has not: `CAROM_FAIL_POINT="<name>:<die|freeze|throw>[:<nth>]"`.
 * It acts at the nth pass (the first unless given) and only then; without the variable a fail point
 * does nothing. */
export const failPoints = {
  'ingest.before-answer': 'recorded, not answered',
  'ingest.after-produce': 'Kafka has the records, not confirmed to the caller',
  'ingest.after-spool-write': 'the disk has the record, not confirmed to the caller',
  'ingest.after-drain-send': 'Kafka has the records of the spool, the spool still holds them',
  'attribution.clicks.before-commit': 'clicks written, not committed',
  'attribution.clicks.committed': 'clicks committed, their orphans wait',
  'attribution.clicks.released': 'orphans of the clicks released, no offset',
  'attribution.postbacks.before-commit': 'postbacks written, not committed',
  'attribution.postbacks.committed': 'postbacks committed, not published',
  'attribution.postbacks.published': 'changes published, no offset',
  'attribution.release.before-commit': 'an orphan decided, not committed',
  'attribution.release.committed': 'an orphan committed, its change in the outbox',
  'attribution.release.published': 'the change of an orphan published',
  'attribution.holds.before-commit': 'a hold ended, not committed',
  'attribution.holds.committed': 'a hold committed, its change in the outbox',
  'attribution.caps.before-commit': 'a sale let in by its cap, not committed',
  'attribution.caps.committed': 'a sale let in committed, its change in the outbox',
  'attribution.outbox.claimed': 'rows of the outbox claimed, not published',
  'attribution.outbox.published': 'rows of the outbox published, not deleted',
  'dispatch.inserted': 'after the insert, before the offset',
  'dispatch.claimed': 'after a claim, before memory',
  'dispatch.calling': 'a call begun, nothing of it sent',
  'dispatch.sent': 'after a call, before its record',
  'dispatch.record': 'before outcomes are written',
  'dispatch.recorded': 'after outcomes are written',
  'console.relay.sent': 'a change of the catalog published, not marked as relayed',
  'console.job.claimed': 'a job claimed, nothing done',
  'console.job.saved': 'a step of a job done and stored, the rest not',
  'console.job.worked': 'all of a job done, its end not stored',
} as const;
export type FailPoint = keyof typeof failPoints;

/** The points of a service, in the order of its work. */
export const failPointsOf = (service: 'ingest' | 'attribution' | 'dispatch' | 'console'): FailPoint[] =>
  (Object.keys(failPoints) as FailPoint[]).filter((name) => name.startsWith(`${service}.`));

type Armed = { name: FailPoint; action: 'die' | 'freeze' | 'throw'; passesLeft: number };

const shape = /^([a-z][a-z0-9.-]*):(die|freeze|throw)(?::([1-9]\d*))?$/;

/** Throws for another form and for an unknown name, so the process does not start: a test with a
 *  typing error would otherwise pass by doing nothing. */
export const parseFailPoint = (text: string): Armed => {
  const [, name, action, nth = '1'] = shape.exec(text) ?? [];
  if (name === undefined) throw new Error(`CAROM_FAIL_POINT="${text}" is not <name>:<die|freeze|throw>[:<nth>]`);
  if (!Object.hasOwn(failPoints, name))
    throw new Error(`CAROM_FAIL_POINT names no fail point: "${name}"; known: ${Object.keys(failPoints).join(', ')}`);
  return { name: name as FailPoint, action: action as Armed['action'], passesLeft: Number(nth) };
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
export const failPoint = (name: FailPoint): Promise<void> => (armed?.name === name ? pass(armed) : passed);

/** One for all: some points are passed once per call. */
const passed = Promise.resolve();

const pass = async (point: Armed): Promise<void> => {
  point.passesLeft -= 1;
  if (point.passesLeft !== 0) return;
  process.stderr.write(`fail point ${point.name}: ${point.action}\n`);
  actions[point.action]();
  // The signal is delivered asynchronously.
  await new Promise((resolve) => setTimeout(resolve, 50));
};
