import { Module } from '@nestjs/common';
import { CostsController } from './costs.controller.js';
import { RatesController } from './rates.controller.js';
import { ReportsController } from './reports.controller.js';

@Module({ controllers: [ReportsController, RatesController, CostsController] })
export class ReportsModule {}
