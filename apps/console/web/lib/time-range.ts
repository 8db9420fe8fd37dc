const hourMs = 3_600_000;
const lengths: Record<string, number> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
};

export const rangeNames = ['1h', '24h', '7d', '30d', 'all'] as const;

/** The start of a named range, to the minute, so that the same range asks the same question for a
 * minute. Undefined: no start. */
export const startOf = (range: string, nowMs: number): string | undefined => {
  const length = lengths[range];
  return length === undefined ? undefined : new Date(Math.floor((nowMs - length) / 60_000) * 60_000).toISOString();
};
