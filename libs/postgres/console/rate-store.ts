import type { Rate } from '#domain';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';

/** Rates as console keeps them: of which day, from where, and when they were put. Services that
 *  convert money read the same table by `ledger/rates-store.ts`. */

const nanos = { from: (text: string) => BigInt(text), to: (value: bigint) => value.toString() };

@Entity('rates')
export class ExchangeRate {
  @PrimaryColumn('date')
  day!: string;

  @PrimaryColumn('text')
  currency!: string;

  @Column({ type: 'numeric', name: 'per_euro_nanos', transformer: nanos })
  perEuroNanos!: bigint;

  /** `ecb`, or who typed it in. */
  @Column('text')
  origin!: string;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

const maxPerStatement = 5_000;

/** Puts rates, replacing those of the same day and currency.
 *  @param origin `ecb`, or who typed them in */
export const putRates = async (manager: EntityManager, rates: readonly Rate[], origin: string): Promise<void> => {
  // The last one of a list counts: one statement cannot change a row twice.
  const unique = [...new Map(rates.map((rate) => [`${rate.day} ${rate.currency}`, rate])).values()];
  for (let at = 0; at < unique.length; at += maxPerStatement)
    await manager
      .createQueryBuilder()
      .insert()
      .into(ExchangeRate)
      .values(
        unique.slice(at, at + maxPerStatement).map(({ day, currency, perEuroNanos }) => ({
          day,
          currency,
          perEuroNanos,
          origin,
          recordedAt: () => 'now()',
        })),
      )
      .orUpdate(['per_euro_nanos', 'origin', 'recorded_at'], ['day', 'currency'])
      .updateEntity(false)
      .execute();
};
