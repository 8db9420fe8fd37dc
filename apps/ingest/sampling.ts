/** Refused calls of unauthorised callers: a bounded number per second is kept, the rest is counted, and an address that goes on and
 *  on is held off. Counts begin anew every minute, so that the table of addresses is bounded in time and in size. */
export const sampleUnauthorised = (options: {
  clock: () => number;
  keptPerSecond: number;
  perAddressPerMinute: number;
  mostAddresses?: number;
}): ((address: string | null) => 'keep' | 'count' | 'hold_off') => {
  const { clock, keptPerSecond, perAddressPerMinute, mostAddresses = 100_000 } = options;
  let counts = new Map<string, number>();
  let minute = 0;
  let second = 0;
  let kept = 0;
  return (address) => {
    const now = clock();
    const thisMinute = Math.floor(now / 60_000);
    if (thisMinute !== minute || counts.size > mostAddresses) {
      counts = new Map();
      minute = thisMinute;
    }
    const calls = (counts.get(address ?? '') ?? 0) + 1;
    counts.set(address ?? '', calls);
    if (calls > perAddressPerMinute) return 'hold_off';
    const thisSecond = Math.floor(now / 1000);
    if (thisSecond !== second) {
      second = thisSecond;
      kept = 0;
    }
    kept += 1;
    return kept <= keptPerSecond ? 'keep' : 'count';
  };
};
