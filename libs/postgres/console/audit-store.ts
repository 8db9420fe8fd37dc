import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';

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
  kind?: string | undefined;
  key?: string | undefined;
  action?: string | undefined;
  /** The id of a user or of a token, or the name of one. */
  actor?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};
type ListedAuditEntry = AuditEntry & { actorName: string };

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nameOf = `coalesce(nullif(concat_ws(' / ', u.name, t.name), ''), a.actor)`;

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
  if (kind !== undefined) query.andWhere('a.kind = :kind', { kind });
  if (key !== undefined) query.andWhere('a.key = :key', { key });
  if (action !== undefined) query.andWhere('a.action = :action', { action });
  if (actor !== undefined && uuidForm.test(actor))
    query.andWhere('(a.user_id = :actor or a.token_id = :actor)', { actor });
  else if (actor !== undefined) query.andWhere(`${nameOf} = :actor`, { actor });
  if (from) query.andWhere('a.at >= :from', { from });
  if (to) query.andWhere('a.at < :to', { to });
  if (page.beforeId !== null) query.andWhere('a.id < :before', { before: page.beforeId });
  const { entities, raw } = await query.getRawAndEntities<{ actor_name: string }>();
  return entities.map((entry, index) => ({ ...entry, actorName: raw[index]?.actor_name ?? '' }));
};
