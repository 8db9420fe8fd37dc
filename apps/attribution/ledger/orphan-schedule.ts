const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** From one look at an orphan to the next, in ms; the last one repeats, so that it is looked at
 * about 40 times in 30 days. Its click's arrival releases it at once: the looks close the race
 * between the two, and notice that it has waited long enough. */
export const orphanSchedule = [
  1_000,
  2_000,
  5_000,
  15_000,
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  10 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
] as const;
