import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { postbackReceivedV1, proofOfMessage } from './postback-received.v1.js';
import { topics } from './topics.js';

const folder = join('libs', 'contracts', 'samples');

const readSample = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** A change of a schema that no longer takes yesterday's message would stop a topic in the middle:
 *  its seven days of messages are still to be read. A sample is never edited to fit: an older form
 *  of a message is a sample of its own. */
describe('golden samples of the messages', () => {
  it.each(Object.values(topics))('$type still reads its sample, and changes nothing in it', ({ type, schema }) => {
    const sample = readSample(`${type}.json`);
    expect(schema.parse(sample)).toEqual(sample);
  });

  it('postback-received.v1 also reads the message as it was before it stated its proof', () => {
    const sample = readSample('postback-received.v1.without-proof.json');
    const message = postbackReceivedV1.parse(sample);
    expect(message).toEqual({ ...(sample as object), read: { ...message.read, lineId: null } });
    expect([message.proof, proofOfMessage(message)]).toEqual([undefined, 'token']);
    expect(proofOfMessage({ authenticatedBy: 'click' })).toBe('none');
  });

  it('postback-received.v1 also reads the message as it was before orders had lines', () => {
    const message = postbackReceivedV1.parse(readSample('postback-received.v1.without-line.json'));
    expect(message).toEqual(postbackReceivedV1.parse(readSample('postback-received.v1.json')));
    expect(message.read.lineId).toBeNull();
  });

  it('has no sample without a topic', () => {
    const types: string[] = Object.values(topics).map(({ type }) => type);
    const typeOf = (file: string): string => file.split('.').slice(0, 2).join('.');
    expect(readdirSync(folder).filter((file) => !types.includes(typeOf(file)))).toEqual([]);
  });
});
