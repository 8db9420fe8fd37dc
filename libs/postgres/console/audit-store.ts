import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { Choice } from '../lists/list-filter.js';
import { choose } from './choose.js';

/** The audit: who changed what, and how it looked before and after. Lines are only ever added. */
@Entity('audit')
export class AuditEntry {
  /** UUID v7: the order of ids is the order of time. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ type: 'timestamptz', insert: false, update: false })
  at!: Date;

  /** The actor's name in lines that were written before actors had ids. */
  @Column('text', { default: '' })
  actor!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('uuid', { name: 'token_id', nullable: true })
  tokenId!: string | null;

  @Column('text')
  action!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  key!: string;

  @Column('jsonb', { nullable: true })
  before!: object | null;

  @Column('jsonb', { nullable: true })
  after!: object | null;
}

type NewAuditEntry = Pick<AuditEntry, 'id' | 'userId' | 'tokenId' | 'action' | 'kind' | 'key' | 'before' | 'after'>;

/** @param manager of the transaction that makes the change which the line describes. */
export const insertAudit = async (manager: EntityManager, entry: NewAuditEntry): Promise<void> => {
  await manager.getRepository(AuditEntry).insert(entry);
};

type AuditFilter = {
  kind?: Choice | undefined;
  key?: Choice | undefined;
  action?: Choice | undefined;
  /** The id of a user or of a token, or the name of one. */
  actor?: Choice | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};
type ListedAuditEntry = AuditEntry & { actorName: string };

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nameOf = `coalesce(nullif(concat_ws(' / ', u.name, t.name), ''), a.actor)`;

const byActor = (query: SelectQueryBuilder<AuditEntry>, actor: Choice | undefined): void => {
  if (actor === undefined) return;
  const [actorIds, actorNames] = [true, false].map((isId) =>
    actor.values.filter((value) => uuidForm.test(value) === isId),
  ) as [string[], string[]];
  const parts = [
    ...(actorIds.length > 0 ? ['a.user_id = any(:actorIds)', 'a.token_id = any(:actorIds)'] : []),
    ...(actorNames.length > 0 ? [`${nameOf} = any(:actorNames)`] : []),
  ];
  const within = `(${parts.join(' or ')})`;
  query.andWhere(actor.not ? `${within} is not true` : within, { actorIds, actorNames });
};

/** Newest first, with the names that the actors have now. */
export const listAudit = async (
  dataSource: DataSource,
  filter: AuditFilter,
  page: { beforeId: string | null; limit: number },
): Promise<ListedAuditEntry[]> => {
  const query = dataSource
    .getRepository(AuditEntry)
    .createQueryBuilder('a')
    .leftJoin('users', 'u', 'u.id = a.user_id')
    .leftJoin('api_tokens', 't', 't.id = a.token_id')
    .addSelect(nameOf, 'actor_name')
    .orderBy('a.id', 'DESC')
    .limit(page.limit);
  const { kind, key, action, actor, from, to } = filter;
  choose(query, ['a.kind'], kind);
  choose(query, ['a.key'], key);
  choose(query, ['a.action'], action);
  byActor(query, actor);
  if (from) query.andWhere('a.at >= :from', { from });
  if (to) query.andWhere('a.at < :to', { to });
  if (page.beforeId !== null) query.andWhere('a.id < :before', { before: page.beforeId });
  const { entities, raw } = await query.getRawAndEntities<{ actor_name: string }>();
  return entities.map((entry, index) => ({ ...entry, actorName: raw[index]?.actor_name ?? '' }));
};
