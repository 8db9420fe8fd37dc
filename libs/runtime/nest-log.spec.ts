import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { nestLog } from './nest-log.js';

describe('the messages of Nest', () => {
  it('are lines of our log, with their level, context and stack', () => {
    const lines: Record<string, unknown>[] = [];
    const target = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
        done();
      },
    });
    const logger = nestLog(pino({ level: 'info', base: null }, target));
    logger.error('no such column', 'Error: no such column\n    at query', 'ExceptionsHandler');
    logger.warn('unusual', 'Router');
    logger.log('Mapped {/postback}', 'RouterExplorer');
    expect(lines.map(({ time: _time, ...line }) => line)).toEqual([
      {
        level: 50,
        event: 'nest.log',
        context: 'ExceptionsHandler',
        message: 'no such column',
        stack: 'Error: no such column\n    at query',
      },
      { level: 40, event: 'nest.log', context: 'Router', message: 'unusual' },
    ]);
  });
});
