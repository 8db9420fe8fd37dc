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
const ownerWhere = ({ userId, tokenId }: ViewOwner) => (userId !== null ? { userId } : { tokenId: tokenId ?? '' });

const maxShared = 1_000;

/** A person's own views, and of those that others share the first 1,000, by name. */
export const listViews = async (dataSource: DataSource, owner: ViewOwner): Promise<SavedView[]> => {
  const views = dataSource.getRepository(SavedView);
  const own = await views.find({ where: ownerWhere(owner), order: { name: 'ASC', id: 'ASC' } });
  const shared = await views.find({ where: { shared: true }, order: { name: 'ASC', id: 'ASC' }, take: maxShared });
  const all = new Map([...own, ...shared].map((view) => [view.id, view]));
  return [...all.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
};

export const isOwnView = (view: SavedView, { userId, tokenId }: ViewOwner): boolean =>
  view.userId !== null ? view.userId === userId : view.tokenId === tokenId;

export const lockView = (manager: EntityManager, id: string): Promise<SavedView | null> =>
  manager.getRepository(SavedView).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });

/** @returns false when the owner has as many views as one may have */
export const putView = async (manager: EntityManager, view: SavedView): Promise<boolean> => {
  const views = manager.getRepository(SavedView);
  if (!(await views.existsBy({ id: view.id })) && (await views.countBy(ownerWhere(view))) >= maxViewsPerOwner)
    return false;
  await views.upsert(view, ['id']);
  return true;
};

export const deleteView = async (manager: EntityManager, id: string): Promise<void> => {
  await manager.getRepository(SavedView).delete({ id });
};
