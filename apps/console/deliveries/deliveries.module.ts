import { Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { DestinationController } from './destination.controller.js';
import { DestinationsController } from './destinations.controller.js';

@Module({ controllers: [DeliveriesController, DestinationsController, DestinationController] })
export class DeliveriesModule {}
