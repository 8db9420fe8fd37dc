import { topics, type ConversionChangedV1 } from '#contracts';
import type { Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';

export type DispatchBatch = (changes: readonly ConversionChangedV1[]) => Promise<Verdict[]>;
const pipeline = Symbol('dispatch pipeline');

/** Wires the topic to the pipeline; there is nothing else to dispatch's Nest side. */
@Controller()
class ConversionsController {
  constructor(@Inject(pipeline) private readonly dispatch: DispatchBatch) {}

  @BatchPattern(topics.conversions.name)
  conversions(batch: Batch<ConversionChangedV1>): Promise<Verdict[]> {
    return this.dispatch(batch.messages.map(({ value }) => value));
  }
}

@Module({})
export class DispatchModule {
  static of(dispatch: DispatchBatch): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [ConversionsController],
      providers: [{ provide: pipeline, useValue: dispatch }],
    };
  }
}
