/** Waits until `look` answers something true, and answers that. It polls, because what is awaited
 * happens in another process. When time is up, the error says what was last seen or thrown, so
 * that a failing test explains itself. */
export const waitFor = async <T>(
  look: () => T | Promise<T>,
  timeoutMs = 15_000,
  what = look.toString(),
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await look();
      if (last) return last as NonNullable<T>;
    } catch (thrown) {
      last = thrown;
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${what}; last seen: ${shown(last)}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** Not by `instanceof`: in jest an error of Node's own functions is of another realm. */
const shown = (last: unknown): string => {
  if (typeof last !== 'object' || last === null || !('message' in last)) return JSON.stringify(last);
  const cause = 'cause' in last && last.cause !== undefined ? `: ${shown(last.cause)}` : '';
  return `${String(last.message)}${cause}`;
};
