/** Commits how far each partition is done, while the next fetch is out. A quiet consumer commits at
 *  once, a busy one `spacingMs` after its last commit started. What is done and not committed comes
 *  again after a crash, and the pipelines write nothing for it (P3). */
export type OffsetCommit = {
  /** By partition, the offset to go on from. */
  done: (offsets: ReadonlyMap<number, string>) => void;
  /** Resolves when everything that is done is committed, or could not be. */
  flush: () => Promise<void>;
  /** The group was joined again: it goes on from what was committed. */
  forget: () => void;
  /** Why the last commit failed, once: the caller lets the group be joined again. */
  failure: () => Error | null;
};

type OffsetCommitPorts = {
  send: (offsets: ReadonlyMap<number, string>) => Promise<void>;
  /** Asked before each commit whether all that was done is on disk. False: some of it is lost and
   * has to come again. Rejects where this cannot be known now. */
  durable?: (() => Promise<boolean>) | undefined;
  /** Some of what was done is lost: nothing is committed until `forget`; join the group again. */
  lost: () => void;
  spacingMs: number;
};

const retryMs = 1_000;

export const createOffsetCommit = (ports: OffsetCommitPorts): OffsetCommit => new SpacedCommit(ports);

class SpacedCommit implements OffsetCommit {
  private waiting = new Map<number, string>();
  private running: Promise<void> | null = null;
  private startedAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private failed: Error | null = null;
  private state: 'committing' | 'retrying' | 'lost' = 'committing';
  /** Grows with each `forget`: an answer to a commit of an earlier generation is ignored. */
  private generation = 0;

  constructor(private readonly ports: OffsetCommitPorts) {}

  done(offsets: ReadonlyMap<number, string>): void {
    if (this.state === 'lost') return;
    for (const [partition, offset] of offsets) this.waiting.set(partition, offset);
    this.schedule();
  }

  async flush(): Promise<void> {
    if (this.running) await this.running;
    if (this.waiting.size > 0) {
      this.start();
      await this.running;
    }
    this.clearTimer();
  }

  forget(): void {
    this.generation += 1;
    this.waiting.clear();
    this.failed = null;
    this.state = 'committing';
  }

  failure(): Error | null {
    const was = this.failed;
    this.failed = null;
    return was;
  }

  private schedule(): void {
    if (this.running || this.timer || this.waiting.size === 0) return;
    const spaced = this.startedAt + this.ports.spacingMs - performance.now();
    const restMs = this.state === 'retrying' ? retryMs : spaced;
    if (restMs <= 0) this.start();
    else this.timer = setTimeout(() => this.start(), restMs).unref();
  }

  private start(): void {
    this.clearTimer();
    this.running = this.commitWaiting().finally(() => {
      this.running = null;
      this.schedule();
    });
  }

  private clearTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private async commitWaiting(): Promise<void> {
    const { generation, waiting: taken } = this;
    this.waiting = new Map();
    this.startedAt = performance.now();
    let isOnDisk = false;
    try {
      isOnDisk = this.ports.durable === undefined || (await this.ports.durable());
      if (generation !== this.generation) return;
      if (!isOnDisk) return this.giveUp();
      await this.ports.send(taken);
      if (generation !== this.generation) return;
      this.failed = null;
      this.state = 'committing';
    } catch (thrown) {
      if (generation !== this.generation) return;
      this.state = 'retrying';
      this.waiting = new Map([...taken, ...this.waiting]);
      // Kafka refused the commit: join again. Postgres could not be asked: time heals that.
      if (isOnDisk) this.failed = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  private giveUp(): void {
    this.state = 'lost';
    this.waiting.clear();
    this.ports.lost();
  }
}
