import {
  networkWarningsOf,
  warningsOf,
  type Campaign,
  type CatalogKind,
  type Network,
  type NetworkWarning,
  type Source,
} from '#contracts';
import type { LintFinding } from '#domain';
import { findCatalogEntry, forgetRelayed, listCatalogEntries, recentClicksOf, type CatalogEntry } from '#postgres';
import { Controller, Delete, Get, Inject, Post, Put, type Type } from '@nestjs/common';
import { z } from 'zod';
import { allows } from '../access/role.js';
import { audited } from '../access/audit.js';
import { answerOf, answerSchemas, settingsOf } from './catalog-answer.js';
import { settingsSchemas } from './catalog.js';
import { checkPreset, fillFromPreset } from './preset-fill.js';
import { flag } from '../http/flag.js';
import { Input, Operation, type Actor, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound, Problem } from '../http/problem.js';
import { decodeCursor, listOf, pageOf, pageQuery } from '../http/page.js';

/** The catalog: one controller class for each of the four kinds. `catalog.ts` checks the bodies by
 *  the schemas of the contracts, after a preset has been filled in; here they are only objects. */

const keyed = z.object({ key: z.string().max(63) });
const list = z.strictObject(pageQuery);
const anyBody = z.record(z.string(), z.unknown());
type Body = Record<string, unknown>;
const writeQuery = z.strictObject({
  dryRun: flag(false).describe('checks and answers as for a change, and keeps nothing'),
});
type WriteQuery = z.infer<typeof writeQuery>;

const presetFields = z.record(z.string(), z.string()).optional();
const [version, fixedKey] = [z.int().optional(), z.string().max(63).optional()];
/** Bodies as they may be sent, for the document. A preset's fields are given when an entry is made;
 *  in a replacement the key is that of the path. */
const sentBodies = {
  network: {
    create: settingsSchemas.network.extend({ presetFields }).meta({ id: 'NewNetwork' }),
    replace: settingsSchemas.network.extend({ key: fixedKey, version }).meta({ id: 'ChangedNetwork' }),
  },
  source: {
    create: settingsSchemas.source.extend({ presetFields }).meta({ id: 'NewSource' }),
    replace: settingsSchemas.source.extend({ key: fixedKey, version }).meta({ id: 'ChangedSource' }),
  },
  offer: {
    create: settingsSchemas.offer.meta({ id: 'NewOffer' }),
    replace: settingsSchemas.offer.extend({ key: fixedKey, version }).meta({ id: 'ChangedOffer' }),
  },
  campaign: {
    create: settingsSchemas.campaign.meta({ id: 'NewCampaign' }),
    replace: settingsSchemas.campaign.extend({ key: fixedKey, version }).meta({ id: 'ChangedCampaign' }),
  },
} as const satisfies Record<CatalogKind, Record<'create' | 'replace', z.ZodType>>;
type ListQuery = z.infer<typeof list>;
type ByKey<Content = unknown, Query = unknown> = Given<{ key: string }, Query, Content>;
type Ports = Pick<ConsolePorts, 'catalog' | 'dataSource' | 'pool' | 'presets' | 'publicUrl' | 'seal'>;

/** The version that the caller believes is current, by `If-Match` or by the `version` of the body
 *  it was given. */
const expectedVersion = (given: Given<unknown, unknown, Body | undefined>): number | null => {
  const header = given.request.headers['if-match'];
  const text = header === undefined || header === '*' ? undefined : header.replace(/^(?:W\/)?"?|"$/g, '');
  const version = text ?? given.body?.['version'];
  if (version === undefined) return null;
  if (!/^\d+$/.test(String(version))) throw new Problem(422, 'version_invalid', 'a version is a whole number');
  return Number(version);
};

/** Sources by key, read once for a page of campaigns. */
const sourcesFor = async (dataSource: Ports['dataSource'], entries: readonly CatalogEntry[]) => {
  const keys = new Set(
    entries.flatMap(({ kind, body }) => (kind === 'campaign' ? [(body as { sourceKey: string }).sourceKey] : [])),
  );
  const found = await Promise.all([...keys].map((key) => findCatalogEntry(dataSource, 'source', key)));
  const sources = new Map(found.flatMap((entry) => (entry ? [[entry.key, entry.body as Source] as const] : [])));
  return (key: string) => sources.get(key);
};

const show = async (
  ports: Ports,
  entries: readonly CatalogEntry[],
  actor: Actor,
): Promise<Record<string, unknown>[]> => {
  const sourceOf = await sourcesFor(ports.dataSource, entries);
  const { publicUrl, presets, seal } = ports;
  const open = allows(actor.role, 'editor');
  return entries.map((entry) => answerOf(entry, { publicUrl, presets, seal, open, sourceOf }));
};

const showOne = async (ports: Ports, entry: CatalogEntry, given: Given): Promise<Record<string, unknown>> => {
  given.reply.header('etag', `"${entry.version}"`);
  const [answer] = await show(ports, [entry], given.actor);
  return { ...answer, ...(await warningsFor(ports, entry)) };
};

/** The linter's findings for an entry that can have a destination. Each save returns them, because
 *  a wrong template without a warning costs money until it is found. */
const warningsFor = async (
  { dataSource, pool }: Ports,
  { kind, key, body }: CatalogEntry,
): Promise<{ warnings?: (LintFinding | NetworkWarning)[] }> => {
  if (kind === 'network') return { warnings: networkWarningsOf(body as Network) };
  if (kind !== 'source' && kind !== 'campaign') return {};
  const sourceKey = kind === 'source' ? key : (body as Campaign).sourceKey;
  const source = await findCatalogEntry(dataSource, 'source', sourceKey);
  const context = {
    tokens: source ? Object.keys((source.body as Source).tokens) : null,
    clicks: await recentClicksOf(pool, sourceKey),
  };
  return { warnings: warningsOf((body as Campaign | Source).destination, context) };
};

const createEntry = async (ports: Ports, kind: CatalogKind, given: Given<unknown, WriteQuery, Body>) => {
  const body = fillFromPreset(kind, settingsOf(kind, given.body), ports.presets);
  const entry = await ports.catalog.create(kind, body, { ...given.actor, ...given.query });
  if (given.query.dryRun) given.reply.code(200);
  else given.reply.header('location', `/api/v1/${kind}s/${entry.key}`);
  return showOne(ports, entry, given);
};

const listEntries = async (ports: Ports, kind: CatalogKind, given: Given<unknown, ListQuery>) => {
  const { limit, cursor } = given.query;
  const afterKey = decodeCursor(cursor, z.string())?.[0] ?? null;
  const entries = await listCatalogEntries(ports.dataSource, { kind, afterKey, limit: limit + 1 });
  const page = pageOf(
    entries,
    limit,
    ({ key }) => [key],
    (entry) => entry,
  );
  return { items: await show(ports, page.items, given.actor), next: page.next };
};

const readEntry = async (ports: Ports, kind: CatalogKind, given: ByKey) => {
  const entry = await findCatalogEntry(ports.dataSource, kind, given.params.key);
  if (!entry) throw notFound(kind, given.params.key);
  return showOne(ports, entry, given);
};

const replaceEntry = async (ports: Ports, kind: CatalogKind, given: ByKey<Body, WriteQuery>) => {
  const { key } = given.params;
  if (given.body['key'] !== undefined && given.body['key'] !== key)
    throw new Problem(422, 'key_fixed', 'a key cannot be changed', [
      { path: 'key', code: 'key_fixed', message: `must be "${key}", as in the path` },
    ]);
  const expected = expectedVersion(given);
  const body = settingsOf(kind, given.body);
  const before = await findCatalogEntry(ports.dataSource, kind, key);
  checkPreset(kind, body, (before?.body as Body | undefined)?.['preset'], ports.presets);
  const entry = await ports.catalog.update(kind, key, body, expected, { ...given.actor, ...given.query });
  return showOne(ports, entry, given);
};

export const catalogController = (kind: CatalogKind): Type => {
  const answer = answerSchemas[kind];

  @Controller(`api/v1/${kind}s`)
  class KindController {
    constructor(@Inject(consolePorts) private readonly ports: Ports) {}

    @Post()
    @Operation({
      summary: `Adds a ${kind}.`,
      role: 'editor',
      query: writeQuery,
      body: anyBody,
      documents: sentBodies[kind].create,
      answer,
      status: 201,
      isDryRun: true,
      errors: ['key_taken', 'preset_unknown', 'preset_fields'],
    })
    async create(@Input() given: Given<unknown, WriteQuery, Body>) {
      return createEntry(this.ports, kind, given);
    }

    @Get()
    @Operation({ summary: `Lists ${kind}s by key.`, role: 'viewer', query: list, answer: listOf(answer) })
    async list(@Input() given: Given<unknown, ListQuery>) {
      return listEntries(this.ports, kind, given);
    }

    @Get(':key')
    @Operation({ summary: `Reads one ${kind}.`, role: 'viewer', params: keyed, answer })
    async read(@Input() given: ByKey) {
      return readEntry(this.ports, kind, given);
    }

    @Put(':key')
    @Operation({
      summary: `Replaces the settings of a ${kind}.`,
      role: 'editor',
      params: keyed,
      query: writeQuery,
      body: anyBody,
      documents: sentBodies[kind].replace,
      answer,
      isVersioned: true,
      errors: ['version_differs', 'version_invalid', 'key_fixed', 'preset_unknown'],
    })
    async replace(@Input() given: ByKey<Body, WriteQuery>) {
      return replaceEntry(this.ports, kind, given);
    }

    @Delete(':key')
    @Operation({
      summary: `Deletes a ${kind} that nothing uses.`,
      role: 'editor',
      params: keyed,
      query: writeQuery,
      status: 204,
      isVersioned: true,
      errors: ['in_use', 'version_differs', 'version_invalid'],
    })
    async remove(@Input() given: ByKey<undefined, WriteQuery>) {
      const by = { ...given.actor, ...given.query };
      await this.ports.catalog.remove(kind, given.params.key, expectedVersion(given), by);
    }
  }
  Object.defineProperty(KindController, 'name', { value: `${kind}Controller` });
  return KindController;
};

const rotation = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(24 * 90)
    .default(72),
});

@Controller('api/v1')
export class CatalogOperationsController {
  constructor(@Inject(consolePorts) private readonly ports: Ports & Pick<ConsolePorts, 'relay' | 'pool'>) {}

  @Post('networks/:key/token/rotate')
  @Operation({
    summary: 'Gives a network a new token; the old Postback URL stays good for so many hours.',
    role: 'editor',
    params: keyed,
    body: rotation,
    answer: answerSchemas.network,
  })
  async rotateNetworkToken(@Input() given: ByKey<z.infer<typeof rotation>>) {
    const { key } = given.params;
    const entry = await this.ports.catalog.rotateToken(key, given.body.overlapHours, given.actor);
    return showOne(this.ports, entry, given);
  }

  @Post('catalog/republish')
  @Operation({
    summary: 'Publishes the whole catalog again, for a topic that was lost.',
    role: 'admin',
    answer: z.object({ entries: z.int() }),
    status: 202,
  })
  async republish(@Input() given: Given) {
    const entries = await audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      await audit({ action: 'republished', kind: 'catalog', key: '' });
      return forgetRelayed(manager);
    });
    this.ports.relay.wake();
    return { entries };
  }
}
