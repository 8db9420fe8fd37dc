import { startTally, type Arrival, type Behaviour } from './tally.js';

/** Ad networks in a process of their own, one for each key it is started with. Messages in: how one
 * behaves from now on, or that all that has arrived is asked for. Out: first where they are, then
 * what was asked for. */
export type TallyOrder = { behave: { key: string; how: Behaviour } } | { take: true };
export type TallyPlaces = Record<string, string>;
export type TallyTaken = Record<string, Arrival[]>;

const tallies = new Map(
  await Promise.all(process.argv.slice(2).map(async (key) => [key, await startTally()] as const)),
);
const each = <T>(read: (tally: Awaited<ReturnType<typeof startTally>>) => T): Record<string, T> =>
  Object.fromEntries([...tallies].map(([key, tally]) => [key, read(tally)]));

process.on('message', (order: TallyOrder) => {
  if ('behave' in order) tallies.get(order.behave.key)?.behave(order.behave.how);
  else process.send?.(each(({ arrivals }) => arrivals) satisfies TallyTaken);
});
process.on('disconnect', () => process.exit(0));
process.send?.(each(({ url }) => url) satisfies TallyPlaces);
