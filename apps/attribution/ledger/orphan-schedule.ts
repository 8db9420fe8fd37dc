const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** From one look at an orphan to the next, in ms; the last one repeats. Its click's arrival releases it
 *  at once: these looks only close the race between the two, and notice that it has waited long enough.
 *  In 30 days an orphan is looked at about 40 times. */
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
