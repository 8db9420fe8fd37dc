import { pageLocale } from './locale';

/** Amounts are decimal texts from the API to the screen: no float ever holds money. */

const minDecimals = (currency: string | null): number => {
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) return 2;
  try {
    return (
      new Intl.NumberFormat(pageLocale, { style: 'currency', currency }).resolvedOptions().minimumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
};

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** "1234.5" of USD as "1,234.50". Further decimals stay: what was paid is shown whole. A text that
 * is no decimal is shown as it is. */
export const formatAmount = (amount: string, currency: string | null = null): string => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '') return amount;
  const kept = fraction.replace(/0+$/, '').padEnd(minDecimals(currency), '0');
  return `${sign === '' ? '' : '−'}${grouped(whole)}${kept === '' ? '' : `.${kept}`}`;
};

export const isZero = (amount: string): boolean => /^-?0*(\.0*)?$/.test(amount);
export const isNegative = (amount: string): boolean => amount.startsWith('-') && !isZero(amount);

/** For the height of a bar or the place of a dot only: never shown, never added up. */
export const roughly = (amount: string): number => Number.parseFloat(amount);

/** 12345 as "12,345". */
export const formatCount = (count: number): string => count.toLocaleString(pageLocale);

/** 12345 as "12.3k" where room is small; exact below ten thousand. */
export const formatShort = (count: number): string =>
  count < 10_000
    ? formatCount(count)
    : new Intl.NumberFormat(pageLocale, { notation: 'compact', maximumFractionDigits: 1 }).format(count);

/** A share in decimals ("0.0342") as "3.42 %"; null is not known. */
export const formatShare = (share: string | number | null | undefined): string => {
  if (share === null || share === undefined) return '–';
  const percent = Number(share) * 100;
  if (!Number.isFinite(percent)) return '–';
  const shown = Math.abs(percent).toLocaleString(pageLocale, { maximumFractionDigits: Math.abs(percent) < 10 ? 2 : 1 });
  return `${percent < 0 ? '−' : ''}${shown} %`;
};
