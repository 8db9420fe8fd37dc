import { deleteView, isOwnView, listViews, lockView, putView, type SavedView } from '#postgres';
import { Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { Input, Operation, type Actor, type Given } from '../http/operation.js';
import { notFound, Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';

/** Saved views: a page of the console with its filters, for oneself or for all. */

const byId = z.object({ id: z.uuid().describe('chosen by the caller') });
const viewBody = z.strictObject({
  name: z.string().min(1).max(100),
  page: z
    .string()
    .max(100)
    .regex(/^\/[\w/-]*$/, 'the path of a page, such as /log'),
  query: z.string().max(4000).describe('the search part of the page’s address, without "?"'),
  shared: z.boolean().default(false).describe('whether all see it; only its owner and admins change it'),
});
const viewAnswer = viewBody
  .extend({ id: z.uuid(), shared: z.boolean(), isOwn: z.boolean(), changedAt: z.iso.datetime() })
  .meta({ id: 'SavedView' });
type ViewBody = z.infer<typeof viewBody>;

const ownerOf = ({ userId, tokenId }: Actor) => ({ userId, tokenId: userId === null ? tokenId : null });
const show = (view: SavedView, actor: Actor) => {
  const { userId: _userId, tokenId: _tokenId, ...shown } = view;
  return { ...shown, isOwn: isOwnView(view, ownerOf(actor)) };
};

@Controller('api/v1/views')
export class ViewsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'now'>) {}

  @Get()
  @Operation({
    summary: 'Lists your own saved views and the shared ones, by name.',
    role: 'viewer',
    answer: z.object({ items: z.array(viewAnswer), next: z.null() }),
  })
  async list(@Input() { actor }: Given) {
    const views = await listViews(this.ports.dataSource, ownerOf(actor));
    return { items: views.map((view) => show(view, actor)), next: null };
  }

  @Put(':id')
  @Operation({
    summary: 'Saves a view under an id that you choose, or replaces it.',
    role: 'viewer',
    params: byId,
    body: viewBody,
    answer: viewAnswer,
    errors: ['not_yours', 'too_many_views'],
  })
  put(@Input() { params: { id }, body, actor }: Given<{ id: string }, unknown, ViewBody>) {
    return audited(this.ports.dataSource, actor, async ({ manager, audit }) => {
      const before = await lockView(manager, id);
      if (before) this.refuseForeign(before, actor);
      const owner = before ? { userId: before.userId, tokenId: before.tokenId } : ownerOf(actor);
      const view: SavedView = { ...body, id, ...owner, changedAt: this.ports.now() };
      if (!(await putView(manager, view)))
        throw new Problem(409, 'too_many_views', 'you have 200 saved views; delete one first');
      if (view.shared || before?.shared)
        await audit({ action: before ? 'updated' : 'created', kind: 'view', key: id, before, after: view });
      return show(view, actor);
    });
  }

  @Delete(':id')
  @Operation({ summary: 'Deletes a saved view.', role: 'viewer', params: byId, status: 204, errors: ['not_yours'] })
  async remove(@Input() { params: { id }, actor }: Given<{ id: string }>): Promise<void> {
    await audited(this.ports.dataSource, actor, async ({ manager, audit }) => {
      const before = await lockView(manager, id);
      if (!before) throw notFound('view', id);
      this.refuseForeign(before, actor);
      await deleteView(manager, id);
      if (before.shared) await audit({ action: 'deleted', kind: 'view', key: id, before });
    });
  }

  /** A private view of another person does not exist for the caller; a shared one is the owner's.
   */
  private refuseForeign(view: SavedView, actor: Actor): void {
    if (isOwnView(view, ownerOf(actor)) || (view.shared && actor.role === 'admin')) return;
    if (view.shared)
      throw new Problem(403, 'not_yours', 'only the person who saved this view, or an admin, changes it');
    throw notFound('view', view.id);
  }
}
