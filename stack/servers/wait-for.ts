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
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`not within ${timeoutMs} ms: ${what}; last seen: ${seen}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
