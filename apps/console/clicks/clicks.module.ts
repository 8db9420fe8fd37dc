import { Module } from '@nestjs/common';
import { ClicksController } from './clicks.controller.js';

@Module({ controllers: [ClicksController] })
export class ClicksModule {}
