import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';

/** Views of the page that people keep: a page with its filters, under a name. */
@Entity('saved_views')
export class SavedView {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('uuid', { name: 'token_id', nullable: true })
  tokenId!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  page!: string;

  @Column('text')
  query!: string;

  @Column('boolean')
  shared!: boolean;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}

/** Whose a view is: a user's, or that of a token of no user. */
type ViewOwner = { userId: string | null; tokenId: string | null };

const maxViewsPerOwner = 200;

/** A person's own views and those that all share, at most 1,000, by name. */
export const listViews = (dataSource: DataSource, { userId, tokenId }: ViewOwner): Promise<SavedView[]> =>
  dataSource
    .getRepository(SavedView)
    .createQueryBuilder('v')
    .where('v.shared or v.user_id = :userId or v.token_id = :tokenId', { userId, tokenId })
    .orderBy('v.name')
    .addOrderBy('v.id')
    .limit(1000)
    .getMany();

export const isOwnView = (view: SavedView, { userId, tokenId }: ViewOwner): boolean =>
  view.userId !== null ? view.userId === userId : view.tokenId === tokenId;

export const lockView = (manager: EntityManager, id: string): Promise<SavedView | null> =>
  manager.getRepository(SavedView).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });

/** @returns false when the owner has as many views as one may have */
export const putView = async (manager: EntityManager, view: SavedView): Promise<boolean> => {
  const views = manager.getRepository(SavedView);
  const owner = view.userId !== null ? { userId: view.userId } : { tokenId: view.tokenId ?? '' };
  if (!(await views.existsBy({ id: view.id })) && (await views.countBy(owner)) >= maxViewsPerOwner) return false;
  await views.upsert(view, ['id']);
  return true;
};

export const deleteView = async (manager: EntityManager, id: string): Promise<void> => {
  await manager.getRepository(SavedView).delete({ id });
};
