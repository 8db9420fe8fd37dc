import { Module } from '@nestjs/common';
import { CatalogOperationsController, catalogController } from './catalog.controller.js';
import { PresetsController } from './presets.controller.js';

@Module({
  controllers: [
    catalogController('network'),
    catalogController('source'),
    catalogController('offer'),
    catalogController('campaign'),
    CatalogOperationsController,
    PresetsController,
  ],
})
export class CatalogModule {}
