import { Controller, Get, Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.js';
import { AccessController } from './api/access.controller.js';
import { CatalogOperationsController, catalogController } from './api/catalog.controller.js';
import { openApiOf } from './api/openapi.js';
import { ClickUploadController } from './api/click-upload.controller.js';
import { ConversionsController } from './api/conversions.controller.js';
import { CostsController } from './api/costs.controller.js';
import { DeliveriesController } from './api/deliveries.controller.js';
import { DestinationsController } from './api/destinations.controller.js';
import { LogController } from './api/log.controller.js';
import { ParkedController } from './api/parked.controller.js';
import { PresetsController } from './api/presets.controller.js';
import { RatesController } from './api/rates.controller.js';
import { ReplayController } from './api/replay.controller.js';
import { ReportsController } from './api/reports.controller.js';
import { ConversionUploadController } from './api/uploads.controller.js';
import { FrontController } from './front.controller.js';
import { Operation } from './operation.js';
import { consolePorts, type ConsolePorts } from './ports.js';
import { ProblemFilter } from './problem.js';
import { z } from 'zod';

@Controller('api/v1')
class OpenApiController {
  @Get('openapi.json')
  @Operation({ summary: 'This document.', role: 'none' })
  document(): object {
    return (openApiDocument ??= openApiOf(apiControllers));
  }

  @Get()
  @Operation({
    summary: 'Says where this document is, for whoever opens the root of the API.',
    role: 'none',
    answer: z.object({ openapi: z.string() }),
  })
  root(): { openapi: string } {
    return { openapi: '/api/v1/openapi.json' };
  }
}
let openApiDocument: object | undefined;

/** Every controller of the API, in one visible list. */
export const apiControllers: readonly Type[] = [
  catalogController('network'),
  catalogController('source'),
  catalogController('offer'),
  catalogController('campaign'),
  CatalogOperationsController,
  PresetsController,
  LogController,
  ConversionsController,
  ConversionUploadController,
  ClickUploadController,
  ReplayController,
  RatesController,
  ReportsController,
  CostsController,
  DeliveriesController,
  DestinationsController,
  ParkedController,
  AccessController,
  OpenApiController,
];

@Module({})
export class ConsoleModule {
  static of(ports: ConsolePorts): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [FrontController, ...apiControllers],
      providers: [
        { provide: consolePorts, useValue: ports },
        { provide: APP_GUARD, useValue: new AccessGuard(ports.pool, ports.log) },
        { provide: APP_FILTER, useValue: new ProblemFilter(ports.log) },
      ],
    };
  }
}
