export type { Batch, BatchHandler, Message } from './batch.js';
export { startConsumer, type Consumer, type ConsumerOptions } from './consumer.js';
export { KafkaProduceError, type ProduceErrorCode } from './errors.js';
export type { MemberState } from './membership.js';
export { kafkaMetrics } from './metrics.js';
export type { BatchNumbers, KafkaConnection, KafkaMetrics, SendNumbers } from './ports.js';
export {
  connectProducer,
  type OutRecord,
  type Producer,
  type ProducerOptions,
  type ProducerState,
} from './producer.js';
export { BatchPattern, KafkaBatchStrategy, type StrategyOptions } from './strategy.js';
export { followTable, type Table, type TableOptions } from './table.js';
export { ensureTopics, topicLag, type PartitionLag } from './topics.js';
