/** What one partition hands over: so many records, to be handled with those of other partitions or
 * `alone`. */
export type MergedPart = { records: number; alone: boolean };

type Waiting<P> = { part: P; resolve: () => void; reject: (thrown: unknown) => void };

/** Merges what the partitions hand over at the same moment into one call of `handle`. A pipeline's
 * cost is by the call: twelve partitions with five records each make one transaction of sixty rows
 * instead of twelve of five. A part is never split, so the order of a partition stays.
 *
 *  @param maxRecords a call takes no further part once it has so many.
 *  @param maxInFlight calls under way at the same time. */
export const createBatchMerge = <P extends MergedPart>(
  handle: (parts: readonly P[]) => Promise<void>,
  { maxRecords, maxInFlight }: { maxRecords: number; maxInFlight: number },
): { add: (part: P) => Promise<void> } => {
  const waiting: Waiting<P>[] = [];
  let running = 0;
  let isScheduled = false;

  const start = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && running < maxInFlight) {
      const taken = takeNext(waiting, maxRecords);
      running += 1;
      handle(taken.map(({ part }) => part))
        .then(
          () => taken.forEach(({ resolve }) => resolve()),
          (thrown: unknown) => taken.forEach(({ reject }) => reject(thrown)),
        )
        .finally(() => {
          running -= 1;
          schedule();
        });
    }
  };
  /** At the end of this turn of the event loop: kafkajs hands over all that a fetch brought within
   * one. */
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(start);
  };

  return {
    add: (part) =>
      new Promise((resolve, reject) => {
        waiting.push({ part, resolve, reject });
        schedule();
      }),
  };
};

const takeNext = <P extends MergedPart>(waiting: Waiting<P>[], maxRecords: number): Waiting<P>[] => {
  const taken: Waiting<P>[] = [];
  let records = 0;
  for (let next = waiting[0]; next && records < maxRecords; next = waiting[0]) {
    if (next.part.alone && taken.length > 0) break;
    taken.push(next);
    waiting.shift();
    records += next.part.records;
    if (next.part.alone) break;
  }
  return taken;
};
