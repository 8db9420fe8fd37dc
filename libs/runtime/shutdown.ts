import { isBug, messageOf } from './errors.js';
import type { Logger } from './log.js';

/** Ends the process in order: on SIGTERM or SIGINT the steps run one after another, each in its
 * time, and the process exits 0; `fail` does the same with exit code 1, for what cannot be
 * repaired in this process (a dead Kafka client, an uncaught error). A step that hangs does not
 * keep the others from running: what a killed process owes is redelivered anyway. */
type Shutdown = {
  /** Steps run in the order in which they were added. */
  step: (name: string, run: () => Promise<void> | void, timeoutMs?: number) => void;
  fail: (error: unknown) => void;
};

const stepTimeoutMs = 8_000;

export const installShutdown = (log: Logger): Shutdown => {
  const steps: { name: string; run: () => Promise<void> | void; timeoutMs: number }[] = [];
  let ending = false;

  const end = async (exitCode: number, why: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ event: 'shutdown.started', why });
    for (const { name, run, timeoutMs } of steps) {
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
      });
      try {
        await Promise.race([Promise.resolve(run()), tooLate]);
      } catch (thrown) {
        log.warn({ event: 'shutdown.step_failed', step: name, error: messageOf(thrown) });
      } finally {
        clearTimeout(timer);
      }
    }
    log.info({ event: 'shutdown.finished', exitCode });
    process.exit(exitCode);
  };

  process.once('SIGTERM', () => void end(0, 'SIGTERM'));
  process.once('SIGINT', () => void end(0, 'SIGINT'));
  const fail = (error: unknown) => {
    log.fatal({
      event: 'process.failed',
      error: messageOf(error),
      stack: error instanceof Error && isBug(error) ? error.stack : undefined,
    });
    void end(1, 'failure');
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return { step: (name, run, timeoutMs = stepTimeoutMs) => void steps.push({ name, run, timeoutMs }), fail };
};
