import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';

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
