import { describe, expect, it } from '@jest/globals';
import { createSeal, isSealed } from './seal.js';

const today = 'the secret of today, long enough';
const before = 'the secret of before, long enough';
const acme = 'network:acme';
/** As an earlier release sealed it, with the secret of before and for no entry. */
const sealedEarlier = 'sealed:1:a00a8b3a:rfpvwaDvQu3Tdav4qqqyDIB6-4VHYoglZNLa5i5X4MLm4GC1wjfaP7rDnH5c';
const damaged = expect.objectContaining({ code: 'SECRET_DAMAGED' });

describe('sealing of secrets', () => {
  it('opens what was sealed, and never seals to the same text twice', () => {
    const { seal, open } = createSeal([today]);
    const first = seal('hunter2', acme);
    expect(isSealed(first)).toBe(true);
    expect(first).not.toContain('hunter2');
    expect(seal('hunter2', acme)).not.toBe(first);
    expect(open(first, acme)).toBe('hunter2');
  });

  it('opens a secret only in the entry that it was sealed for', () => {
    const { seal, open } = createSeal([today]);
    const sealed = seal('hunter2', acme);
    for (const other of ['network:globex', 'source:acme', 'network:acm', ''])
      expect(() => open(sealed, other)).toThrow(damaged);
  });

  it('does not open a secret that was made to look like one for no entry', () => {
    const { seal, open } = createSeal([today]);
    const stripped = seal('hunter2', acme).replace('sealed:2:', 'sealed:1:');
    expect(() => open(stripped, acme)).toThrow(damaged);
  });

  it('opens what an earlier secret sealed while that secret is still listed', () => {
    const old = createSeal([before]).seal('token', acme);
    expect(createSeal([today, before]).open(old, acme)).toBe('token');
    expect(() => createSeal([today]).open(old, acme)).toThrow(expect.objectContaining({ code: 'SECRET_UNKNOWN' }));
  });

  it('opens a text that an earlier release sealed, in any entry, until it is sealed again', () => {
    expect(createSeal([before]).open(sealedEarlier, acme)).toBe('hunter2 é€💶');
    const { open, renew } = createSeal([today, before]);
    expect(open(sealedEarlier, 'network:globex')).toBe('hunter2 é€💶');
    const renewed = renew(sealedEarlier, acme);
    expect(open(renewed, acme)).toBe('hunter2 é€💶');
    expect(() => open(renewed, 'network:globex')).toThrow(damaged);
  });

  it('seals a stored secret again with the secret of today, so that the one of before can be removed', () => {
    const old = createSeal([before]).seal('token', acme);
    const rotating = createSeal([today, before]);
    const renewed = rotating.renew(old, acme);
    expect(createSeal([today]).open(renewed, acme)).toBe('token');
    expect(rotating.renew(renewed, acme)).toBe(renewed);
    expect(rotating.open(rotating.renew('readable', acme), acme)).toBe('readable');
  });

  it('leaves as it is what it cannot open: its key may come back', () => {
    const old = createSeal([before]).seal('token', acme);
    expect(createSeal([today]).renew(old, acme)).toBe(old);
    const moved = createSeal([before]).seal('token', 'network:globex');
    expect(createSeal([today, before]).renew(moved, acme)).toBe(moved);
  });

  it('says by which secret a text is sealed', () => {
    const { seal, stateOf } = createSeal([today, before]);
    const states = [seal('x', acme), createSeal([before]).seal('x', acme), sealedEarlier, 'readable'].map(stateOf);
    expect(states).toEqual(['current', 'former', 'former', 'plain']);
    expect(createSeal([before]).stateOf(sealedEarlier)).toBe('former');
    for (const unknown of ['sealed:2:00000000:AAAA', 'sealed:1:', 'sealed:2:cut'])
      expect(stateOf(unknown)).toBe('unknown');
  });

  it('refuses a sealed text that was changed or cut', () => {
    const { seal, open } = createSeal([today]);
    const sealed = seal('token', acme);
    const changed = sealed.slice(0, -4) + (sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    const head = sealed.slice(0, sealed.lastIndexOf(':') + 1);
    // A tag that was cut to four bytes would be guessed in four billion tries.
    for (const wrong of [changed, sealed.slice(0, -2), head, sealed.slice(0, head.length + 22)])
      expect(() => open(wrong, acme)).toThrow(damaged);
  });
});
