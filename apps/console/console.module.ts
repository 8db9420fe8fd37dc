import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { ClicksModule } from './clicks/clicks.module.js';
import { ConnectionsModule, type Connections } from './connections.js';
import { ConversionsModule } from './conversions/conversions.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { HttpModule } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LogModule } from './log/log.module.js';
import { OverviewModule } from './overview/overview.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { SearchModule } from './search/search.module.js';
import { UpkeepModule } from './upkeep.js';
import { ViewsModule } from './views/views.module.js';
import { SetupModule } from './setup/setup.module.js';
import { UploadsModule } from './uploads/uploads.module.js';

/** One module per feature folder. A new feature is a folder with a module, and a line here. */
const featureModules: readonly Type[] = [
  AccessModule,
  SetupModule,
  CatalogModule,
  OverviewModule,
  LogModule,
  ClicksModule,
  SearchModule,
  ConversionsModule,
  UploadsModule,
  ReportsModule,
  DeliveriesModule,
  ViewsModule,
  JobsModule,
];

/** Every controller of the features: the routes of the API, and of its document. */
export const apiControllers: readonly Type[] = featureModules.flatMap(
  (feature) => (Reflect.getMetadata('controllers', feature) as Type[] | undefined) ?? [],
);

@Module({})
export class ConsoleModule {
  static of(connections: Pick<Connections, 'ports' | 'close'>): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [ConnectionsModule.of(connections), HttpModule.of(apiControllers), UpkeepModule, ...featureModules],
    };
  }
}
