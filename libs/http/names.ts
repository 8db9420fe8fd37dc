import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { systemTime, type Metrics, type Time } from '#runtime';

/** Names to addresses, so that names whose servers are silent hold only a part of the resolver.
 *
 *  The system's resolver blocks a thread per name, and Node gives it half of its threads. A silent
 *  name holds one for ten seconds and more, so as many silent names as there are threads kept
 *  every other destination from getting a connection (P7, P11). */

type Answer = (error: Error | null, addresses: LookupAddress[]) => void;
export type Resolve = (hostname: string, answer: Answer) => void;

export type Names = { resolve: Resolve };

export type NamesOptions = {
  /** The system's resolver unless a test says otherwise. */
  resolve?: Resolve;
  /** Names that are looked up at the same moment. */
  slots?: number;
  maxWaiting?: number;
  /** A name that waits longer for its turn fails; a delivery is tried again by its schedule. */
  maxWaitMs?: number;
  time?: Time;
  metrics?: Metrics;
};

/** What is known of a name by its last look-up. `silent` lasted longer than `silentAfterMs`. */
type Standing = 'answers' | 'new' | 'silent';
type LookUp = { hostname: string; standing: Standing; sinceMs: number; answers: Answer[] };

const silentAfterMs = 1_000;
const maxRemembered = 10_000;
const sweepEveryMs = 250;

const systemResolve: Resolve = (hostname, answer) => systemLookup(hostname, { all: true }, answer);
const systemSlots = Math.max(2, Math.floor(Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) / 2));

const tooMany = (message: string): Error => Object.assign(new Error(message), { code: 'EAI_AGAIN' });

/** What was found of names lately. The oldest are dropped. */
const createMemory = () => {
  const known = new Map<string, Standing>();
  return {
    of: (hostname: string): Standing => known.get(hostname) ?? 'new',
    put: (hostname: string, standing: Standing): void => {
      known.delete(hostname);
      known.set(hostname, standing);
      const oldest = known.size > maxRemembered ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
  };
};

/** Whether a name of that standing may be looked up beside those that are. A quarter of the slots
 *  is kept for names that have answered before, and names that were silent get a quarter at
 *  most. */
const roomIn = (slots: number) => {
  const kept = Math.floor(slots / 4);
  const maxSilent = Math.max(1, kept);
  return (standing: Standing, active: ReadonlyMap<string, LookUp>): boolean => {
    if (active.size >= slots) return false;
    if (standing === 'answers') return true;
    const others = [...active.values()].filter((each) => each.standing !== 'answers');
    if (others.length >= slots - kept) return false;
    return standing === 'new' || others.filter((each) => each.standing === 'silent').length < maxSilent;
  };
};

/** Looks names up, each once at a time for all who ask meanwhile. */
export const createNames = (options: NamesOptions = {}): Names => {
  const { resolve = systemResolve, slots = systemSlots, maxWaiting = 1_000, maxWaitMs = 5_000 } = options;
  const { time = systemTime, metrics } = options;
  const hasRoom = roomIn(slots);
  const memory = createMemory();
  const active = new Map<string, LookUp>();
  const waiting = new Map<string, LookUp>();
  const refused = metrics?.counter('carom_http_names_refused_total', 'Names not looked up, by the limit', ['limit']);
  metrics?.lookup('carom_http_names_active', 'Names that are being looked up', () => active.size);
  metrics?.lookup('carom_http_names_waiting', 'Names that wait to be looked up', () => waiting.size);

  const begin = (lookUp: LookUp): void => {
    const startedAtMs = time.monotonicMs();
    waiting.delete(lookUp.hostname);
    active.set(lookUp.hostname, lookUp);
    resolve(lookUp.hostname, (error, addresses) => {
      active.delete(lookUp.hostname);
      const isSilent = time.monotonicMs() - startedAtMs > silentAfterMs;
      memory.put(lookUp.hostname, isSilent ? 'silent' : 'answers');
      for (const answer of lookUp.answers) answer(error, addresses);
      beginNext();
    });
  };
  const beginNext = (): void => {
    for (const standing of ['answers', 'new', 'silent'] as const)
      for (const lookUp of waiting.values())
        if (lookUp.standing === standing && hasRoom(standing, active)) begin(lookUp);
  };

  const refuse = (answers: readonly Answer[], limit: 'waiting' | 'time', message: string): void => {
    refused?.inc({ limit });
    for (const answer of answers) answer(tooMany(message), []);
  };
  const sweep = (): void => {
    for (const { hostname, sinceMs, answers } of [...waiting.values()]) {
      if (time.monotonicMs() - sinceMs < maxWaitMs) break;
      waiting.delete(hostname);
      refuse(answers, 'time', `${hostname} was not looked up within ${maxWaitMs} ms: other names hold the resolver`);
    }
    if (waiting.size > 0) setTimeout(sweep, sweepEveryMs).unref();
  };

  return {
    resolve: (hostname, answer) => {
      const before = active.get(hostname) ?? waiting.get(hostname);
      if (before) return void before.answers.push(answer);
      const standing = memory.of(hostname);
      const lookUp: LookUp = { hostname, standing, sinceMs: time.monotonicMs(), answers: [answer] };
      if (hasRoom(standing, active)) return begin(lookUp);
      if (waiting.size >= maxWaiting)
        return refuse([answer], 'waiting', `${hostname} was not looked up: ${maxWaiting} names wait already`);
      if (waiting.size === 0) setTimeout(sweep, sweepEveryMs).unref();
      waiting.set(hostname, lookUp);
    },
  };
};
