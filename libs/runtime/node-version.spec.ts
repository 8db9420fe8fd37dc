import { describe, expect, it } from '@jest/globals';
import { refuseOldNode } from './node-version.js';

describe('a process on a Node that is too old', () => {
  it.each(['20.20.2', '22.18.9', '18.0.0'])('says so and does not start: %s', (version) => {
    expect(() => refuseOldNode(version)).toThrow(`this is Node ${version}, and Carom needs 22.19 or newer`);
  });

  it.each(['22.19.0', '24.21.0', '30.0.0-nightly'])('starts where it is new enough: %s', (version) => {
    expect(() => refuseOldNode(version)).not.toThrow();
  });
});
