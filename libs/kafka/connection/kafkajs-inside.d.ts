/** What we use of the inside of kafkajs 2.2.4: the seam of `own-encoding.ts`, the classes that
 *  `libs/kafka/connection` repairs, and for the tests what kafkajs writes itself. */
declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  type Request = { encode: () => Promise<{ buf: Buffer; buffer: Buffer }> };
  type Exchange = { request: Request; response: unknown };
  type Params = { compression?: number; transactionalId?: string } & Record<string, unknown>;
  const produce: { versions: string[]; protocol: (of: { version: number }) => (params: Params) => Exchange };
  export default produce;
}
declare module 'kafkajs/src/protocol/requests/produce/v7/request.js' {
  const request: (params: Record<string, unknown>) => { encode: () => Promise<{ buffer: Buffer }> };
  export default request;
}
declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  const murmur2: (key: Buffer) => number;
  export default murmur2;
}
declare module 'kafkajs/src/network/requestQueue/index.js' {
  const requestQueue: { prototype: unknown };
  export default requestQueue;
}
declare module 'kafkajs/src/consumer/consumerGroup.js' {
  const consumerGroup: { prototype: unknown };
  export default consumerGroup;
}
