import { Module } from '@nestjs/common';
import { CodesController } from './codes.controller.js';
import { SetupController } from './setup.controller.js';

@Module({ controllers: [SetupController, CodesController] })
export class SetupModule {}
