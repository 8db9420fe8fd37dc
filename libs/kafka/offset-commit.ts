/** Tells Kafka how far each partition is done, beside the work and not within it: the next fetch goes out while the commit does.
 *
 *  A quiet consumer commits at once; a busy one so long after the start of its last commit, for all that was done meanwhile. What was done
 *  and not committed comes again after a crash, as everything does that was in hand: the pipelines write nothing for it (P3). Within the
 *  work, a commit was a fifth of each batch's time at 600 records a second, 160 times a second. */
export type Committing = {
  /** By partition, the offset to go on from. */
  done: (offsets: ReadonlyMap<number, string>) => void;
  /** Resolves when everything that is done is committed, or could not be. */
  flush: () => Promise<void>;
  /** The group was joined anew: it goes on from what was committed, and what was not may be somebody else's now. */
  forget: () => void;
  /** Why the last commit failed, once: whoever asks lets the group be joined again. */
  failure: () => Error | null;
};

const retryMs = 1_000;

export type CommittingPorts = {
  send: (offsets: ReadonlyMap<number, string>) => Promise<void>;
  /** Asked before each commit: whether all that was done is there to stay. False: some of it is gone and has to come again. Rejects where
   *  that cannot be told now. */
  durable?: (() => Promise<boolean>) | undefined;
  /** Some of what was done is gone, and nothing is committed any more until `forget`: the group is to be joined anew. */
  lost: () => void;
  spacingMs: number;
};

export const createCommitting = ({ send, durable, lost, spacingMs }: CommittingPorts): Committing => {
  let waiting = new Map<number, string>();
  let running: Promise<void> | null = null;
  let startedAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let failed: Error | null = null;
  let resting = false;
  let deaf = false;
  let generation = 0;

  const start = async (): Promise<void> => {
    const taken = waiting;
    const of = generation;
    waiting = new Map();
    startedAt = performance.now();
    let stays = false;
    try {
      stays = durable === undefined || (await durable());
      if (of !== generation) return;
      if (stays) await send(taken);
      else giveUp();
      if (of !== generation) return;
      failed = null;
      resting = false;
    } catch (thrown) {
      if (of !== generation) return;
      resting = true;
      waiting = new Map([...taken, ...waiting]);
      // Kafka refused it, so the group has to be joined again; that nobody could be asked mends itself.
      if (stays) failed = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  };
  const giveUp = (): void => {
    deaf = true;
    waiting.clear();
    lost();
  };
  const go = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    running = start().finally(() => {
      running = null;
      arm();
    });
  };
  const arm = (): void => {
    if (running || timer || waiting.size === 0) return;
    const restMs = resting ? retryMs : startedAt + spacingMs - performance.now();
    if (restMs <= 0) go();
    else timer = setTimeout(go, restMs).unref();
  };

  return {
    done(offsets) {
      if (deaf) return;
      for (const [partition, offset] of offsets) waiting.set(partition, offset);
      arm();
    },
    async flush() {
      if (running) await running;
      if (waiting.size > 0) {
        go();
        await running;
      }
      if (timer) clearTimeout(timer);
      timer = null;
    },
    forget() {
      generation += 1;
      waiting.clear();
      failed = null;
      resting = false;
      deaf = false;
    },
    failure() {
      const was = failed;
      failed = null;
      return was;
    },
  };
};
