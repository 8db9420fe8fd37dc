import { Module, type DynamicModule } from '@nestjs/common';
import type { Attribution } from './composition.js';
import type { Consumed } from './config.js';
import { attributionToken, ClickConsumer, PostbackConsumer } from './consumers.js';

@Module({})
class AttributionModule {}

const consumers = { clicks: ClickConsumer, postbacks: PostbackConsumer };

/** The process's one module: the consumers that it was told to run, around what they run. */
export const attributionModule = (attribution: Attribution, consumed: readonly Consumed[]): DynamicModule => ({
  module: AttributionModule,
  controllers: [...new Set(consumed)].map((name) => consumers[name]),
  providers: [{ provide: attributionToken, useValue: attribution }],
});
