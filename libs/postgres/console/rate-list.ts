import type { Rate } from '#domain';
import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';
import type { Choice } from '../lists/list-filter.js';
import { choose } from './choose.js';

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

type RateFilter = {
  from?: string | undefined;
  to?: string | undefined;
  currency?: Choice | undefined;
  origin?: Choice | undefined;
};

/** Newest first, currencies of a day by name. @param page `after`: the last rate of the page
 *  before */
export const listRatePage = (
  dataSource: DataSource,
  { from, to, currency, origin }: RateFilter,
  page: { after: { day: string; currency: string } | null; limit: number },
): Promise<ExchangeRate[]> => {
  const query = dataSource
    .getRepository(ExchangeRate)
    .createQueryBuilder('r')
    .orderBy('r.day', 'DESC')
    .addOrderBy('r.currency')
    .limit(page.limit);
  if (from !== undefined) query.andWhere('r.day >= :from', { from });
  if (to !== undefined) query.andWhere('r.day <= :to', { to });
  choose(query, ['r.currency'], currency);
  choose(query, ['r.origin'], origin);
  if (page.after !== null)
    query.andWhere('(r.day < :day or r.day = :day and r.currency > :afterCurrency)', {
      day: page.after.day,
      afterCurrency: page.after.currency,
    });
  return query.getMany();
};
