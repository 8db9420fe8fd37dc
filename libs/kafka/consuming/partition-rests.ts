import type { PartitionBatch } from './judge.js';

const firstRestMs = 250;
const maxRestMs = 30_000;

/** Which partitions rest, and which have failed. A partition that failed is handled alone until it
 *  succeeds, so that its records hold up no other partition. */
type PartitionRests = {
  /** Pauses the partition: twice as long after each failure, with jitter so that replicas do not
   *  return to a database together. Answers the pause in ms. */
  backOff: (part: PartitionBatch) => number;
  recovered: (part: PartitionBatch) => void;
  isRecovering: (partition: number) => boolean;
  end: () => void;
};

export const createPartitionRests = (): PartitionRests => {
  const resting = new Map<number, NodeJS.Timeout>();
  const failures = new Map<number, number>();

  const rest = ({ partition, payload }: PartitionBatch, restMs: number): void => {
    const resume = payload.pause();
    clearTimeout(resting.get(partition));
    const wake = setTimeout(() => {
      resting.delete(partition);
      resume();
    }, restMs).unref();
    resting.set(partition, wake);
  };
  return {
    backOff: (part) => {
      const count = failures.get(part.partition) ?? 0;
      failures.set(part.partition, count + 1);
      const longestMs = Math.min(maxRestMs, firstRestMs * 2 ** Math.min(count, 20));
      const restMs = longestMs * (0.5 + Math.random() / 2);
      rest(part, restMs);
      return restMs;
    },
    recovered: ({ partition }) => void failures.delete(partition),
    isRecovering: (partition) => failures.has(partition),
    end: () => {
      for (const timer of resting.values()) clearTimeout(timer);
    },
  };
};
