import { Module } from '@nestjs/common';
import { OverviewController } from './overview.controller.js';
import { StreamsController } from './streams.controller.js';

/** The streams come before the log and the deliveries, whose routes by id would take `stream`
 *  for one. */
@Module({ controllers: [OverviewController, StreamsController] })
export class OverviewModule {}
