/** Money is a bigint of billionths of the currency's unit ("nanos") inside and a decimal string
 *  outside. Never a float: 0.1 + 0.2 must be 0.3 in a ledger. Billionths, because micro-payouts of
 *  0.0001 and scaled shares of them exist. */

export const nanosPerUnit = 1_000_000_000n;

/** Largest amount of one report, in nanos: 9 × 10⁹ units, so that it fits a Postgres bigint. Totals
 *  are `numeric`. */
export const largestAmountNanos = 9_000_000_000n * nanosPerUnit;

const decimal = /^(-?)(\d{1,10})(?:\.(\d{1,9}))?$/;

/** Reads a plain decimal string ("12.5", "-3", "0.000000001"): our own form, at the edge of the API
 *  and in settings. The messy forms that networks send are read by `amount.ts`. Answers null when
 *  it is not one, has more than nine decimals, or is beyond `largestAmountNanos`. */
export const parseNanos = (text: string): bigint | null => {
  const found = decimal.exec(text);
  if (!found) return null;
  const [, sign, whole, fraction = ''] = found;
  const nanos = BigInt(whole ?? '0') * nanosPerUnit + BigInt(fraction.padEnd(9, '0'));
  if (nanos > largestAmountNanos) return null;
  return sign === '-' ? -nanos : nanos;
};

/** Writes nanos as the shortest decimal string: 12500000000n → "12.5", 3000000000n → "3". */
export const formatNanos = (nanos: bigint): string => {
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = (size % nanosPerUnit).toString().padStart(9, '0').replace(/0+$/, '');
  return `${sign}${size / nanosPerUnit}${fraction === '' ? '' : `.${fraction}`}`;
};

/** numerator / denominator, rounded half to even: the one rounding of this system, used only when
 *  converting or scaling. */
export const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  if (denominator === 0n) throw new RangeError('division by zero');
  if (denominator < 0n) return divideHalfEven(-numerator, -denominator);
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const away = numerator < 0n ? -1n : 1n;
  if (twice < denominator) return quotient;
  if (twice > denominator) return quotient + away;
  return quotient % 2n === 0n ? quotient : quotient + away;
};

/** amount × factor, where the factor is nanos of one too ("0.8" → 800000000n). Rounds half to even
 *  at the ninth decimal. */
export const scaleNanos = (amountNanos: bigint, factorNanos: bigint): bigint =>
  divideHalfEven(amountNanos * factorNanos, nanosPerUnit);

/** Rounds half to even to so many decimals (0–9). */
export const roundNanos = (amountNanos: bigint, decimals: number): bigint => {
  const step = 10n ** BigInt(9 - decimals);
  return divideHalfEven(amountNanos, step) * step;
};

/** Writes nanos with exactly so many decimals, rounded half to even: ("2.345", 2) → "2.34". */
export const formatFixed = (amountNanos: bigint, decimals: number): string => {
  const rounded = roundNanos(amountNanos, decimals);
  const [whole, fraction = ''] = formatNanos(rounded).split('.');
  return decimals === 0 ? `${whole}` : `${whole}.${fraction.padEnd(decimals, '0')}`;
};
