import { Controller, Get, Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.js';
import { AccessController } from './access/access.controller.js';
import { CatalogOperationsController, catalogController } from './catalog/catalog.controller.js';
import { openApiOf } from './http/openapi.js';
import { ClickUploadController } from './uploads/click-upload.controller.js';
import { ConversionsController } from './conversions/conversions.controller.js';
import { CostsController } from './reports/costs.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DestinationsController } from './deliveries/destinations.controller.js';
import { LogController } from './log/log.controller.js';
import { ParkedController } from './log/parked.controller.js';
import { PresetsController } from './catalog/presets.controller.js';
import { RatesController } from './reports/rates.controller.js';
import { ReplayController } from './log/replay.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { ConversionUploadController } from './uploads/uploads.controller.js';
import { FrontController } from './front.controller.js';
import { Operation } from './http/operation.js';
import { consolePorts, type ConsolePorts } from './ports.js';
import { ProblemFilter } from './http/problem.js';
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
