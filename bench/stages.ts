import type { BenchContext, Opened } from './row.js';

/** Keeps one stage open at a time: rows that share one come one after another. */
export const createStages = (): { open: BenchContext['stage']; close: () => Promise<void> } => {
  let current: { name: string; opened: Opened<unknown> } | null = null;
  const close = async (): Promise<void> => {
    const last = current;
    current = null;
    await last?.opened.close();
  };
  return {
    open: async <T>(name: string, open: () => Promise<Opened<T>>): Promise<T> => {
      if (current?.name !== name) {
        await close();
        current = { name, opened: await open() };
      }
      return current.opened.value as T;
    },
    close,
  };
};
