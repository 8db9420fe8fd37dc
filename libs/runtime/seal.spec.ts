import { describe, expect, it } from '@jest/globals';
import { createSeal, isSealed } from './seal.js';

const today = 'the secret of today, long enough';
const before = 'the secret of before, long enough';

describe('sealing of secrets', () => {
  it('opens what was sealed, and never seals to the same text twice', () => {
    const { seal, open } = createSeal([today]);
    const first = seal('hunter2');
    expect(isSealed(first)).toBe(true);
    expect(first).not.toContain('hunter2');
    expect(seal('hunter2')).not.toBe(first);
    expect(open(first)).toBe('hunter2');
  });

  it('opens what an earlier secret sealed while that secret is still listed', () => {
    const old = createSeal([before]).seal('token');
    expect(createSeal([today, before]).open(old)).toBe('token');
    expect(() => createSeal([today]).open(old)).toThrow(expect.objectContaining({ code: 'SECRET_UNKNOWN' }));
  });

  it('seals a stored secret again with the secret of today, so that the one of before can be removed', () => {
    const old = createSeal([before]).seal('token');
    const rotating = createSeal([today, before]);
    const renewed = rotating.renew(old);
    expect(createSeal([today]).open(renewed)).toBe('token');
    expect(rotating.renew(renewed)).toBe(renewed);
    expect(createSeal([today]).renew(old)).toBe(old);
  });

  it('opens a text that an earlier release sealed', () => {
    const sealed = 'sealed:1:a00a8b3a:rfpvwaDvQu3Tdav4qqqyDIB6-4VHYoglZNLa5i5X4MLm4GC1wjfaP7rDnH5c';
    expect(createSeal([before]).open(sealed)).toBe('hunter2 é€💶');
    expect(createSeal([today, before]).open(sealed)).toBe('hunter2 é€💶');
  });

  it('refuses a sealed text that was changed', () => {
    const { seal, open } = createSeal([today]);
    const sealed = seal('token');
    const changed = sealed.slice(0, -4) + (sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect(() => open(changed)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }));
  });
});
