import { Module } from '@nestjs/common';
import { CodesController } from './codes.controller.js';
import { SetupController } from './setup.controller.js';
import { SuggestionsController } from './suggestions.controller.js';

@Module({ controllers: [SetupController, CodesController, SuggestionsController] })
export class SetupModule {}
