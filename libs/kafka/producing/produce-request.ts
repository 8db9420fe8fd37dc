import { crc32c } from '@node-rs/crc32';
import type { OutRecord } from '../connection/ports.js';

type Message = Pick<OutRecord, 'key' | 'value' | 'headers'>;

export type ProduceRequest = {
  acks: number;
  timeout: number;
  topicData: readonly {
    topic: string;
    partitions: readonly { partition: number; messages: readonly Message[] }[];
  }[];
};

/** Before the records of a batch: from its first offset up to their count. */
const batchHeadBytes = 61;
/** Where the checksum is in a batch, and what it covers: all that follows it. */
const crcAt = 17;
const crcFrom = 21;

const bytesOf = (text: string | Buffer): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

const zigZag = (value: number): number => (value << 1) ^ (value >> 31);

const sizeOfVarInt = (value: number): number => Math.max(1, Math.ceil((32 - Math.clz32(zigZag(value))) / 7));

const sizeOfField = (field: string | Buffer): number => {
  const bytes = bytesOf(field);
  return sizeOfVarInt(bytes) + bytes;
};

/** A record without its own length. The attributes and the time, both 0, take one byte each. */
const sizeOfRecord = ({ key, value, headers }: Message, index: number): number => {
  let size = 2 + sizeOfVarInt(index) + sizeOfField(key) + sizeOfField(value);
  let count = 0;
  for (const name in headers) {
    count += 1;
    size += sizeOfField(name) + sizeOfField(headers[name]!);
  }
  return size + sizeOfVarInt(count);
};

/** Writes into one buffer of the right size; `at` is where the next byte goes. */
class Writer {
  at = 0;
  constructor(readonly buffer: Buffer) {}

  varInt(value: number): void {
    let rest = zigZag(value) >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }

  field(field: string | Buffer): void {
    this.varInt(bytesOf(field));
    this.at += typeof field === 'string' ? this.buffer.write(field, this.at) : field.copy(this.buffer, this.at);
  }

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  text(text: string): void {
    this.int16(Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at);
  }
}

const writeRecord = (to: Writer, message: Message, index: number, size: number): void => {
  to.varInt(size);
  to.int8(0);
  to.varInt(0);
  to.varInt(index);
  to.field(message.key);
  to.field(message.value);
  const { headers } = message;
  let count = 0;
  for (const _name in headers) count += 1;
  to.varInt(count);
  for (const name in headers) {
    to.field(name);
    to.field(headers[name]!);
  }
};

/** A record batch of format 2, as in the protocol guide of Kafka, of a producer that is neither
 *  idempotent nor transactional, and not compressed. */
const writeBatch = (to: Writer, messages: readonly Message[], sizes: readonly number[], nowMs: bigint): void => {
  const start = to.at;
  to.int64(0n); // first offset
  to.int32(0); // length, below
  to.int32(0); // leader epoch
  to.int8(2); // format
  to.int32(0); // checksum, below
  to.int16(0); // attributes
  to.int32(messages.length - 1);
  to.int64(nowMs); // first time
  to.int64(nowMs); // last time
  to.int64(-1n); // producer id
  to.int16(0); // producer epoch
  to.int32(0); // first sequence
  to.int32(messages.length);
  messages.forEach((message, index) => writeRecord(to, message, index, sizes[index]!));
  to.buffer.writeInt32BE(to.at - start - 12, start + 8);
  to.buffer.writeUInt32BE(crc32c(to.buffer.subarray(start + crcFrom, to.at)), start + crcAt);
};

/** The body of a produce request of versions 3 to 7, in one buffer of exactly its size. The bytes
 *  are those of kafkajs (`produce-request.spec.ts`), for a sixth of its time. */
export const encodeProduceRequest = ({ acks, timeout, topicData }: ProduceRequest, nowMs: number): Buffer => {
  let total = 2 + 2 + 4 + 4;
  const batches = topicData.map(({ topic, partitions }) => {
    total += 2 + Buffer.byteLength(topic) + 4;
    const sized = partitions.map(({ partition, messages }) => {
      const sizes = messages.map(sizeOfRecord);
      const bytes = sizes.reduce((sum, size) => sum + sizeOfVarInt(size) + size, batchHeadBytes);
      total += 4 + 4 + bytes;
      return { partition, messages, sizes, bytes };
    });
    return { topic, sized };
  });
  const to = new Writer(Buffer.allocUnsafe(total));
  to.int16(-1); // no transaction
  to.int16(acks);
  to.int32(timeout);
  to.int32(batches.length);
  const time = BigInt(nowMs);
  for (const { topic, sized } of batches) {
    to.text(topic);
    to.int32(sized.length);
    for (const { partition, messages, sizes, bytes } of sized) {
      to.int32(partition);
      to.int32(bytes);
      writeBatch(to, messages, sizes, time);
    }
  }
  return to.buffer;
};
