import { deleteEndedSessions, deleteOldIdempotentAnswers, deleteOldJobOutputs, deleteOldJobs } from '#postgres';
import { messageOf, systemTime } from '#runtime';
import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { consolePorts, type ConsolePorts } from './ports.js';

const everyMs = 60_000;

/** Deletes what console keeps for a limited time: ended sessions and used links (90 days after
 *  their end), kept answers and files of jobs (a day), ended jobs (90 days). Each run deletes
 *  bounded pieces; several consoles may do it at once. */
@Module({})
export class UpkeepModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'log'>) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      await systemTime.wait(everyMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      for (const chore of [deleteEndedSessions, deleteOldIdempotentAnswers, deleteOldJobs, deleteOldJobOutputs])
        await chore(this.ports.pool).catch((thrown: unknown) =>
          this.ports.log.warn({ event: 'console.upkeep_failed', chore: chore.name, error: messageOf(thrown) }),
        );
    }
  }
}
