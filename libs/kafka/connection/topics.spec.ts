import { describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { topicSettings } from './topics.js';

const minInSync = (replicationFactor: number) =>
  Object.values(topics).map(
    (topic) => topicSettings(topic, replicationFactor).find(({ name }) => name === 'min.insync.replicas')?.value,
  );

describe('a topic that is created', () => {
  it.each([
    [1, '1'],
    [2, '1'],
    [3, '2'],
    [5, '2'],
  ])('with %d replicas needs %s of them for an acknowledgement, whatever the topic', (replicas, needed) => {
    expect(new Set(minInSync(replicas))).toEqual(new Set([needed]));
  });
});
