import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** What a piece of work cost, per unit of it (a postback, a click, a delivery). */
export type Spent = {
  /** CPU seconds per 1,000 units, by process. */
  cpu: Record<string, number>;
  /** Bytes of Postgres' write-ahead log per unit. */
  walBytes: number;
  /** Largest resident memory that each process has had so far, in MiB. */
  peakMb: Record<string, number>;
};

export type Meter = {
  /** From now on the process counts under this name. */
  watch: (name: string, pid: number) => void;
  forget: (name: string) => void;
  /** Runs the work and divides what it cost by the units that it says it did. */
  spend: <T>(work: () => Promise<T>, unitsOf: (result: T) => number) => Promise<{ result: T; spent: Spent }>;
};

const ticksPerSecond = 100;

type Stat = { pid: number; parent: number; own: number; ofEnded: number };

const statOf = (pid: number): Stat | null => {
  try {
    // The name in brackets may contain anything; the fields after it are numbers.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { pid, parent, own: user + system, ofEnded: endedUser + endedSystem };
  } catch {
    return null;
  }
};

/** CPU seconds of a process with its children, living and ended: Postgres is many processes. */
const cpuSecondsOf = (pid: number): number => {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = all.flatMap((name) => statOf(Number(name)) ?? []);
  const sum = (id: number): number =>
    stats.filter(({ parent }) => parent === id).reduce((total, child) => total + sum(child.pid), ownOf(id));
  const ownOf = (id: number): number => {
    const stat = stats.find((each) => each.pid === id);
    return stat ? stat.own + stat.ofEnded : 0;
  };
  return sum(pid) / ticksPerSecond;
};

const peakMbOf = (pid: number): number => {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(peak ?? 0) / 1024);
  } catch {
    return 0;
  }
};

const mapOf = (pids: ReadonlyMap<string, number>, of: (pid: number) => number): Record<string, number> =>
  Object.fromEntries([...pids].map(([name, pid]) => [name, of(pid)]));

/** Reads `/proc`, so it needs Linux; elsewhere every figure is 0. */
export const createMeter = (databaseUrl: string): Meter => {
  const pids = new Map<string, number>();
  const walPosition = async (): Promise<number> => {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    try {
      const { rows } = await client.query<{ at: string }>(`select pg_current_wal_lsn() - '0/0' as at`);
      return Number(rows[0]?.at);
    } finally {
      await client.end();
    }
  };
  return {
    watch: (name, pid) => void pids.set(name, pid),
    forget: (name) => void pids.delete(name),
    spend: async (work, unitsOf) => {
      const walBefore = await walPosition();
      const before = mapOf(pids, cpuSecondsOf);
      const result = await work();
      const after = mapOf(pids, cpuSecondsOf);
      const wal = (await walPosition()) - walBefore;
      const units = unitsOf(result);
      const cpu = Object.entries(after).map(([name, seconds]) => {
        const each = ((seconds - (before[name] ?? 0)) / units) * 1000;
        return [name, Math.round(each * 1000) / 1000];
      });
      return {
        result,
        spent: { cpu: Object.fromEntries(cpu), walBytes: Math.round(wal / units), peakMb: mapOf(pids, peakMbOf) },
      };
    },
  };
};

export const totalCpu = ({ cpu }: Spent): number => Object.values(cpu).reduce((sum, each) => sum + each, 0);
