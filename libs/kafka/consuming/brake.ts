/** How many records a partition may lose to errors of our own code: a single odd record goes aside
 *  like any other bad record, a bug that concerns every record must not park a stream of money. */
export type BrakeLimits = { maxParked: number; withinMs: number };
const brakeLimits: BrakeLimits = { maxParked: 10, withinMs: 60_000 };

/** The batch holds more such records than may be parked. Nothing of it is parked or committed. */
export class PartitionStopped extends Error {
  override readonly name = 'PartitionStopped';
  constructor(
    readonly partition: number,
    cause: unknown,
  ) {
    super(`an error of our own code stopped partition ${partition}: ${String(cause)}`, { cause });
  }
}

export type Brake = {
  /** How many more records of the partition may be parked now. */
  room: (partition: number) => number;
  parked: (partition: number, records: number) => void;
  /** Holds the partition until a batch of it passes: time alone does not release it. */
  stop: (partition: number) => void;
  passed: (partition: number) => void;
  forget: () => void;
  stopped: () => number;
};

export const createBrake = (
  { maxParked, withinMs }: BrakeLimits = brakeLimits,
  monotonicMs: () => number = () => performance.now(),
): Brake => {
  const parkedAt = new Map<number, number[]>();
  const stopped = new Set<number>();
  const recent = (partition: number): number[] => {
    const since = monotonicMs() - withinMs;
    const kept = (parkedAt.get(partition) ?? []).filter((at) => at > since);
    if (kept.length === 0) parkedAt.delete(partition);
    else parkedAt.set(partition, kept);
    return kept;
  };
  return {
    room: (partition) => (stopped.has(partition) ? 0 : Math.max(0, maxParked - recent(partition).length)),
    parked: (partition, records) => {
      if (records === 0) return;
      const now = monotonicMs();
      parkedAt.set(partition, [...recent(partition), ...Array.from({ length: records }, () => now)]);
    },
    stop: (partition) => void stopped.add(partition),
    passed: (partition) => void stopped.delete(partition),
    forget: () => {
      stopped.clear();
      parkedAt.clear();
    },
    stopped: () => stopped.size,
  };
};
