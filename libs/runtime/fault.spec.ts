import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bisect, faultOf } from './fault.js';

const postgresError = (code: string) => Object.assign(new Error(code), { code });

describe('what an error says about the records in hand', () => {
  it('takes a value that Postgres refuses for the fault of its record', () => {
    for (const code of ['22P05', '22P02', '22001', '23514', '54000'])
      expect(faultOf(postgresError(code))).toBe('record');
  });

  it('takes a server that is away, slow or locked for an outage, and so everything unknown', () => {
    for (const code of ['57014', '55P03', '25006', '40P01', '57P01', '08006', '42P01', 'ECONNREFUSED'])
      expect(faultOf(postgresError(code))).toBe('outage');
    expect(faultOf(new Error('connection terminated'))).toBe('outage');
    expect(faultOf('no error at all')).toBe('outage');
  });

  it('knows an error of our own code', () => {
    expect(faultOf(new TypeError('undefined is not a function'))).toBe('code');
    expect(faultOf(new RangeError('invalid array length'))).toBe('code');
    expect(faultOf(postgresError('21000'))).toBe('code');
  });
});

describe('halving a batch', () => {
  it('finds exactly the bad items, and does every other one, in whatever places they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 64 }), async (isBad) => {
        const items = isBad.map((bad, place) => ({ bad, place }));
        const worked: number[] = [];
        const { done, failed } = await bisect(items, (some) => {
          if (some.some(({ bad }) => bad)) return Promise.reject(postgresError('22P02'));
          worked.push(...some.map(({ place }) => place));
          return Promise.resolve(some.length);
        });
        const good = items.filter(({ bad }) => !bad).map(({ place }) => place);
        expect(worked).toEqual(good);
        expect(done.flatMap(({ items: some }) => some.map(({ place }) => place))).toEqual(good);
        expect(failed.map(({ item }) => item.place)).toEqual(items.filter(({ bad }) => bad).map(({ place }) => place));
      }),
    );
  });

  it('stops at an outage, because the rest would fail as well', async () => {
    let calls = 0;
    const work = () => {
      calls += 1;
      return Promise.reject(calls === 1 ? postgresError('22P02') : postgresError('57P01'));
    };
    await expect(bisect([1, 2, 3, 4], work)).rejects.toMatchObject({ code: '57P01' });
    expect(calls).toBe(2);
  });
});
