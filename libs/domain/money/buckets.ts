/** A conversion's money by state, in nanos of its one currency. Never below zero. */
export type Buckets = { pending: bigint; approved: bigint; rejected: bigint; reversed: bigint };
export type Bucket = keyof Buckets;
export const bucketNames = ['pending', 'approved', 'rejected', 'reversed'] as const satisfies readonly Bucket[];

export const emptyBuckets = (): Buckets => ({ pending: 0n, approved: 0n, rejected: 0n, reversed: 0n });
