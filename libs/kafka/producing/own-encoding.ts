import produce from 'kafkajs/src/protocol/requests/produce/index.js';
import type { ICustomPartitioner } from 'kafkajs';
import { murmur2 } from './murmur2.js';
import { encodeProduceRequest, type ProduceRequest } from './produce-request.js';

/** The one place where Carom changes kafkajs: the body of a produce request is written by
 *  `encodeProduceRequest`, see docs/decisions/0038. kafkajs looks `protocol` up for every request.
 *  Only what our producer sends is taken over: no compression, no transaction. */
const protocolOfKafkajs = produce.protocol;
produce.protocol = ({ version }) => {
  const original = protocolOfKafkajs({ version });
  if (version < 3) return original;
  return (params) => {
    const exchange = original(params);
    if (params.compression || params.transactionalId) return exchange;
    const encode = async () => {
      const buffer = encodeProduceRequest(params as unknown as ProduceRequest, Date.now());
      return { buf: buffer, buffer };
    };
    return { ...exchange, request: { ...exchange.request, encode } };
  };
};

/** The partition of a key as every Kafka client computes it, so that one key has one partition for
 *  all of them. Every record of ours has a key. */
export const partitionByKey: ICustomPartitioner =
  () =>
  ({ message, partitionMetadata }) =>
    (murmur2(Buffer.from(message.key as string | Buffer)) & 0x7fffffff) % partitionMetadata.length;
