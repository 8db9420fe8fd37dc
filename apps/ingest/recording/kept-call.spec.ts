import { describe, expect, it } from '@jest/globals';
import type { PostbackCall, Standing } from '../ports.js';
import { keptCall } from './kept-call.js';

const call: PostbackCall = {
  method: 'POST',
  target: `/postback?x=${'t'.repeat(30_000)}`,
  headers: Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`x-${index}`, 'h'.repeat(4_000)])),
  body: Buffer.from('b'.repeat(60_000)),
  address: '198.51.100.7',
  token: null,
  key: null,
  tooLarge: false,
};
const keptOf = (standing: Standing) => {
  const { raw, isCut } = keptCall(call, { params: [], values: [] }, standing);
  const values = Object.values(raw.headers).map((value) => String(value).length);
  return [raw.target.length, raw.body?.length, values.length, Math.max(...values), isCut];
};

describe('the call as it is stored', () => {
  it('is whole when its network has proved itself', () => {
    expect(keptOf('proven')).toEqual([30_012, 60_000, 150, 4_000, false]);
  });

  it('is cut when it has no proof, and more so when it is garbage', () => {
    expect(keptOf('names_click')).toEqual([8_192, 8_192, 60, 2_000, true]);
    expect(keptOf('garbage')).toEqual([4_096, 4_096, 30, 500, true]);
  });
});
