import { messageOf, type Logger } from '#runtime';

/** Runs work again and again, with a rest between, never two at a time. A failure is logged and tried at the next turn: what is done
 *  here is due again anyway. */
export const repeat = (options: {
  name: string;
  everyMs: number;
  work: () => Promise<unknown>;
  log: Logger;
}): { stop: () => Promise<void> } => {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = async (): Promise<void> => {
    try {
      await options.work();
    } catch (thrown) {
      options.log.error({ event: 'upkeep.failed', name: options.name, error: messageOf(thrown) });
    }
    if (!stopped) timer = setTimeout(() => (running = turn()), options.everyMs);
  };
  timer = setTimeout(() => (running = turn()), options.everyMs);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
