import { Module } from '@nestjs/common';
import { ConversionsController } from './conversions.controller.js';

@Module({ controllers: [ConversionsController] })
export class ConversionsModule {}
