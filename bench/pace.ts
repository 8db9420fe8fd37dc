export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Acts so many times a second for so long, on time: what falls behind is caught up, not left out,
 * and `plannedAt` says when each was due, so that a latency that is counted from it hides no wait
 * of the generator's own. Ends when everything that `act` began has ended. Nothing is kept of what
 * has: a generator that hoards its promises has collections of its own, which look like the
 * service's. */
export const paced = async (
  perSecond: number,
  seconds: number,
  act: (from: number, count: number, plannedAt: (index: number) => number) => Promise<unknown>,
): Promise<void> => {
  const begin = performance.now();
  const total = perSecond * seconds;
  const plannedAt = (index: number): number => begin + (index / perSecond) * 1000;
  let open = 0;
  const failures: unknown[] = [];
  for (let made = 0; made < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * perSecond));
    if (due > made) {
      open += 1;
      void act(made, due - made, plannedAt)
        .catch((thrown: unknown) => failures.push(thrown))
        .finally(() => (open -= 1));
    }
    made = Math.max(made, due);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  while (open > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  if (failures.length > 0) throw failures[0];
};
