import { parseNanos, scaleNanos } from './money.js';
import type { PayoutMode } from '../settings.js';

/** An offer's payout rule: amounts as decimal text, percent of the sale amount. */
export type PayoutRule = { mode: PayoutMode; amount?: string; currency?: string; percent?: number };

/** An amount as it was read from a postback: null where the parameter was missing, `value: null`
 *  where it could not be read. */
type AmountRead = { value: string | null } | null;

/** Which amount of a report or setting became the payout. */
export type PayoutSource = 'fixed' | 'postback' | 'percent';

type Payout = {
  amountNanos: bigint | null;
  amountUnreadable: boolean;
  currency: string | null;
  payoutFrom: PayoutSource | null;
};

const nanosOf = (read: AmountRead): bigint | null => (read?.value == null ? null : parseNanos(read.value));

/** Which amount a report is about, in the precedence offer `fixed`, else the postback's amount,
 *  else `percent` of the sale amount. A negative amount is a refund and is the network's own in
 *  every mode. Unreadable stays unreadable (P5): a percentage of a sale does not stand in for an
 *  amount that was sent and could not be read. */
export const payoutOf = (
  rule: PayoutRule | null,
  said: { amount: AmountRead; saleAmount: AmountRead; currency: AmountRead },
): Payout => {
  const amountNanos = nanosOf(said.amount);
  const currency = said.currency?.value ?? null;
  const unreadable = said.amount !== null && amountNanos === null;
  const currencyUnreadable = said.currency !== null && currency === null;
  if (rule?.mode === 'fixed' && rule.amount !== undefined && (amountNanos ?? 0n) >= 0n) {
    const fixed = parseNanos(rule.amount);
    if (fixed !== null)
      return { amountNanos: fixed, amountUnreadable: false, currency: rule.currency ?? null, payoutFrom: 'fixed' };
  }
  // An amount of which the currency cannot be read is no amount: 10 of what?
  if (amountNanos !== null && currencyUnreadable)
    return { amountNanos: null, amountUnreadable: true, currency: null, payoutFrom: null };
  if (amountNanos !== null) return { amountNanos, amountUnreadable: false, currency, payoutFrom: 'postback' };
  const saleNanos = nanosOf(said.saleAmount);
  if (
    !unreadable &&
    rule?.mode === 'percent' &&
    rule.percent !== undefined &&
    saleNanos !== null &&
    !currencyUnreadable
  ) {
    const factor = BigInt(Math.round(rule.percent * 1e7));
    return { amountNanos: scaleNanos(saleNanos, factor), amountUnreadable: false, currency, payoutFrom: 'percent' };
  }
  return { amountNanos: null, amountUnreadable: unreadable, currency, payoutFrom: null };
};
