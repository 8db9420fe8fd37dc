import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { topics } from './topics.js';

const folder = join('libs', 'contracts', 'samples');

/** A change of a schema that no longer takes yesterday's message would stop a topic in the middle: its seven days of messages
 *  are still to be read. A sample is therefore never edited to fit; it is the message as somebody wrote it. */
describe('golden samples of the messages', () => {
  it.each(Object.values(topics))('$type still reads its sample, and changes nothing in it', ({ type, schema }) => {
    const sample = JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8'));
    expect(schema.parse(sample)).toEqual(sample);
  });

  it('no sample stands without a topic', () => {
    const types: string[] = Object.values(topics).map(({ type }) => `${type}.json`);
    expect(readdirSync(folder).filter((file) => !types.includes(file))).toEqual([]);
  });
});
