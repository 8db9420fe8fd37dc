import { topics, type ConversionChangedV1 } from '#contracts';
import type { Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { dispatchContext, Dispatcher, type DispatchContext } from './dispatcher.js';

@Controller()
class ConversionsController {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

  @BatchPattern(topics.conversions.name)
  conversions(batch: Batch<ConversionChangedV1>): Promise<Verdict[]> {
    return this.dispatcher.dispatch(batch.messages.map(({ value }) => value));
  }
}

@Module({})
export class DispatchModule {
  /** @param context what is opened before Nest starts. */
  static of(context: DispatchContext): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [ConversionsController],
      providers: [{ provide: dispatchContext, useValue: context }, Dispatcher],
    };
  }
}
