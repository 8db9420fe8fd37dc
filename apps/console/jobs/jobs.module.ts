import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { jobKinds } from './job-kinds.js';
import { ExportController } from './export.controller.js';
import { JobsController } from './jobs.controller.js';
import { startJobRunner, type JobRunner } from './runner.js';

/** Runs jobs while the application runs. The next process continues a job that was interrupted
 *  by its end. */
@Module({ controllers: [JobsController, ExportController] })
export class JobsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private runner: JobRunner | undefined;

  constructor(@Inject(consolePorts) private readonly ports: ConsolePorts) {}

  onApplicationBootstrap(): void {
    this.runner = startJobRunner(this.ports, jobKinds);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner?.close();
  }
}
