import consumerGroup from 'kafkajs/src/consumer/consumerGroup.js';

type ConsumerGroup = {
  lastRequest: number;
  heartbeat(options: { interval: number }): Promise<void>;
};

/** kafkajs 2.2.4 sends a heartbeat when the wall clock is an interval past the last one. After a
 * step back it would send none for as long as the step, and the group would expel the member: the
 * next heartbeat is then sent at once. */
export const repairHeartbeat = (): void => {
  const prototype = consumerGroup.prototype as ConsumerGroup;
  const heartbeat = prototype.heartbeat;
  prototype.heartbeat = function (this: ConsumerGroup, options): Promise<void> {
    if (this.lastRequest > Date.now()) this.lastRequest = 0;
    return heartbeat.call(this, options);
  };
};
