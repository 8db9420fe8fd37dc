import { describe, expect, it } from '@jest/globals';
import { isStated, withField, withSetting } from './report-file';

const found = [
  { name: 'order_id', field: 'transactionId' },
  { name: 'date', field: 'occurredAt' },
  { name: 'time', field: null },
  { name: 'commission', field: 'amount' },
];

describe('a mapping that a person corrects', () => {
  it('keeps what was found for the other columns, because stating one states all', () => {
    expect(withField({}, found, 'time', 'occurredAt').columns).toEqual({
      transactionId: ['order_id'],
      occurredAt: ['date', 'time'],
      amount: ['commission'],
    });
  });

  it('takes a column out', () => {
    expect(withField({ amountFormat: 'comma' }, found, 'commission', null)).toEqual({
      amountFormat: 'comma',
      columns: { transactionId: ['order_id'], occurredAt: ['date'] },
    });
  });

  it('forgets the columns when the file is cut otherwise, and lets the file decide again', () => {
    const stated = withField({}, found, 'time', 'occurredAt');
    expect(withSetting(stated, 'delimiter', ';')).toEqual({ delimiter: ';' });
    expect(withSetting(stated, 'amountFormat', 'comma').columns).toEqual(stated.columns);
    expect(withSetting({ amountFormat: 'comma' }, 'amountFormat', null)).toEqual({});
    expect(isStated(withSetting({ amountFormat: 'comma' }, 'amountFormat', null))).toBe(false);
  });
});
