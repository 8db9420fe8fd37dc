import type { ParkedV1 } from '#contracts';
import { Column, Entity, IsNull, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';

/** Records that no consumer could read or handle, copied from their topic so that they can be
 *  searched, released and dismissed after the topic has forgotten them. A record is named by its
 *  place on its topic and by the consumer. */
@Entity('parked_records')
export class ParkedRecord {
  @PrimaryColumn('text')
  topic!: string;

  @PrimaryColumn('integer')
  partition!: number;

  /** As text: offsets are larger than a number of JavaScript can be. */
  @PrimaryColumn({ type: 'bigint', name: 'record_offset', transformer: { from: String, to: String } })
  offset!: string;

  @PrimaryColumn('text')
  consumer!: string;

  @Column('text', { nullable: true })
  key!: string | null;

  @Column('bytea', { nullable: true })
  value!: Buffer | null;

  @Column('jsonb')
  headers!: Record<string, string>;

  @Column('text')
  reason!: string;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz', { name: 'parked_at' })
  parkedAt!: Date;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  @Column('text', { nullable: true })
  resolution!: 'released' | 'dismissed' | null;
}

export type ParkedPlace = Pick<ParkedRecord, 'topic' | 'partition' | 'offset' | 'consumer'>;
/** Postgres' text holds neither NUL nor half a character; what is parked may contain both. The
 *  value itself is kept as bytes. */
const withoutNul = (text: string): string => text.toWellFormed().replaceAll('\0', '\u2400');

/** Takes a batch of records; one that is known already stays as it is (P3). */
export const insertParked = async (dataSource: DataSource, records: readonly ParkedV1[]): Promise<void> => {
  if (records.length === 0) return;
  await dataSource
    .createQueryBuilder()
    .insert()
    .into(ParkedRecord)
    .values(
      records.map(({ topic, partition, offset, consumer, key, valueBase64, headers, reason, error, parkedAtMs }) => ({
        topic,
        partition,
        offset,
        consumer,
        key: key && withoutNul(key),
        value: valueBase64 === null ? null : Buffer.from(valueBase64, 'base64'),
        headers: Object.fromEntries(Object.entries(headers).map((pair) => pair.map(withoutNul) as [string, string])),
        reason,
        error: error && withoutNul(error),
        parkedAt: new Date(parkedAtMs),
      })),
    )
    .orIgnore()
    .updateEntity(false)
    .execute();
};

/** Notes what was decided of a record; answers whether it was still open. */
export const resolveParked = async (
  manager: EntityManager,
  { topic, partition, offset, consumer }: ParkedPlace,
  resolution: 'released' | 'dismissed',
): Promise<boolean> => {
  const place = { topic, partition, offset, consumer, resolvedAt: IsNull() };
  const { affected } = await manager
    .getRepository(ParkedRecord)
    .update(place, { resolvedAt: () => 'now()', resolution });
  return affected === 1;
};

export const findParked = (
  dataSource: DataSource,
  { topic, partition, offset, consumer }: ParkedPlace,
): Promise<ParkedRecord | null> =>
  dataSource.getRepository(ParkedRecord).findOneBy({ topic, partition, offset, consumer });

/** Open records by topic and reason, for metrics. */
export const countParked = (dataSource: DataSource): Promise<{ topic: string; reason: string; count: number }[]> =>
  dataSource
    .getRepository(ParkedRecord)
    .createQueryBuilder('p')
    .select(['p.topic as topic', 'p.reason as reason', 'count(*)::int as count'])
    .where('p.resolved_at is null')
    .groupBy('p.topic')
    .addGroupBy('p.reason')
    .orderBy('p.topic')
    .addOrderBy('p.reason')
    .getRawMany();
