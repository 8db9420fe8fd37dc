import { describe, expect, it } from '@jest/globals';
import { metaClickOf } from './meta-click.js';

const click = Date.UTC(2026, 0, 10);
const after = (days: number): number => click + days * 86_400_000;

describe('the name of a click that Meta is sent', () => {
  it.each([
    ['is made of the click', 'IwAR2F4-x_Y', click, after(3), `fb.1.${click}.IwAR2F4-x_Y`],
    ['is sent on the ninetieth day', 'IwAR2F4', click, after(90), `fb.1.${click}.IwAR2F4`],
    ['is left out a moment later', 'IwAR2F4', click, after(90) + 1, null],
    ['is left out when the click is later than the event', 'IwAR2F4', click, after(-1), null],
    ['is not wrapped again', `fb.1.${click + 5}.IwAR2F4`, click, after(3), `fb.1.${click + 5}.IwAR2F4`],
    ['is left out when what is ready-made is too old', `fb.1.${click}.IwAR2F4`, after(80), after(91), null],
    ['is left out when what is ready-made is later than the event', `fb.1.${after(4)}.IwAR`, click, after(3), null],
    ['is left out when it is broken', 'fb.1.178100.IwAR', click, after(3), null],
    ['is left out when it holds what no click id does', 'IwAR 2F4"', click, after(3), null],
    ['is left out without a click id', null, click, after(3), null],
    ['is left out when the time of the click is not known', 'IwAR2F4', null, after(3), null],
  ])('%s', (_what, externalId, clickedAtMs, eventMs, expected) => {
    expect(metaClickOf(externalId, clickedAtMs, eventMs)).toBe(expected);
  });
});
