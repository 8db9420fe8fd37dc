import { Module } from '@nestjs/common';
import { LogController } from './log.controller.js';
import { ParkedController } from './parked.controller.js';
import { ReplayController } from './replay.controller.js';

@Module({ controllers: [LogController, ParkedController, ReplayController] })
export class LogModule {}
