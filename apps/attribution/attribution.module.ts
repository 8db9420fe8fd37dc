import { KafkaBatchStrategy } from '#kafka';
import { recordMissed } from '#postgres';
import type { Liveness } from '#runtime';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { ClickConsumer, Clicks } from './clicks.js';
import type { Consumed } from './config.js';
import { Connections, type AttributionProcess } from './connections.js';
import { PostbackConsumer, Postbacks } from './postbacks.js';
import { surroundingsToken } from './surroundings.js';
import { Chores, livenessToken } from './upkeep/chores.js';
import { Upkeep } from './upkeep/upkeep.js';

/** The pages with their ports, on whatever surroundings are provided beside them. */
export const attributionProviders: Provider[] = [Postbacks, Clicks, Upkeep];

const consumers: Record<Consumed, Type> = { clicks: ClickConsumer, postbacks: PostbackConsumer };

/** The process: its connections, the consumers that the configuration names, and the chores.
 *
 * Nest starts and ends it: connections are opened before a provider is made; at the end the
 * transport finishes its batches first, then `onModuleDestroy` stops the chores, then the
 * connections close. */
@Module({})
export class AttributionModule {
  static register(process: AttributionProcess, liveness: Liveness): DynamicModule {
    const names = new Set(process.config.ATTRIBUTION_CONSUME);
    return {
      module: AttributionModule,
      controllers: [...names].map((name) => consumers[name]),
      providers: [
        { provide: Connections, useFactory: () => Connections.open(process) },
        {
          provide: surroundingsToken,
          inject: [Connections],
          useFactory: ({ surroundings }: Connections) => surroundings,
        },
        { provide: livenessToken, useValue: liveness },
        {
          provide: KafkaBatchStrategy,
          inject: [Connections],
          useFactory: ({ kafka, kafkaMetrics, producer, database }: Connections) =>
            new KafkaBatchStrategy({
              ...kafka,
              service: 'carom.attribution',
              producer,
              metrics: kafkaMetrics,
              onFatal: process.onFatal,
              onJump: (jumps) => recordMissed(database.pool, jumps),
              sessionTimeoutMs: process.config.ATTRIBUTION_SESSION_MS,
            }),
        },
        ...attributionProviders,
        Chores,
      ],
    };
  }
}
