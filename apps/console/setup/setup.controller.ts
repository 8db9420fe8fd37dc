import { networkSettings, type Campaign, type Network } from '#contracts';
import { readClickId, readKeptCall, refusals, statusMeanings } from '#domain';
import { findCatalogEntry, findSetupTest, tokensOfCampaign } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { settingsOf } from '../catalog/catalog-answer.js';
import { writeChoice } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { notFound, Problem } from '../http/problem.js';
import { replayAnswer } from '../log/replay-run.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { changeAndReplay, changeQuery, type ChangeQuery } from './change-and-replay.js';
import { testBody, runTest, type TestBody } from './test-run.js';
import { showTest, testAnswer } from './test-steps.js';

/** Setting up a network and a campaign: how a call would be read, words to map, tokens seen, and a
 *  real test. */

const byKey = z.object({ key: z.string().max(63) });
const byId = z.object({ id: z.uuid() });

const previewBody = z.strictObject({
  /** Settings that need not be saved, as for `PUT /networks/:key`; or the key of a network that
   *  is. */
  network: z.union([z.string().max(63), z.record(z.string(), z.unknown())]),
  call: z.strictObject({
    method: z.enum(['GET', 'POST']).default('GET'),
    /** Path and query, or the query alone. */
    target: z.string().max(16_000),
    headers: z.record(z.string().max(200), z.string().max(2_000)).default({}),
    body: z.string().max(64_000).nullable().default(null),
  }),
});
const field = z.object({ value: z.string().nullable(), param: z.string(), raw: z.string() }).nullable();
const previewAnswer = z.object({
  read: z.record(z.string(), field),
  problems: z.array(z.object({ code: z.string(), param: z.string().nullable() })),
  refusal: z.string().nullable(),
  sentence: z.string().nullable(),
  remedy: z.string().nullable(),
  test: z.boolean(),
  suppressDelivery: z.boolean(),
  /** What attribution would do, as far as the call alone says. */
  wouldBecome: z.enum(['refused', 'decided']),
});

const statusBody = z.strictObject({
  word: z.string().trim().min(1).max(200),
  meaning: z.enum(statusMeanings),
  /** Replays the calls of this network that were refused for this word. */
  replay: z.boolean().default(true),
});
const statusAnswer = z.object({
  networkKey: z.string(),
  version: z.int(),
  statusMap: z.record(z.string(), z.string()),
  replay: replayAnswer.nullable(),
});

const tokensAnswer = z.object({
  campaignKey: z.string(),
  since: z.iso.datetime(),
  /** How many of the last clicks were looked at. */
  clicks: z.int(),
  items: z.array(
    z.object({
      name: z.string(),
      /** Whether reports keep it apart (`reportTokens` of the campaign). */
      reported: z.boolean(),
      clicks: z.int(),
      distinctValues: z.int(),
      topValues: z.array(z.object({ value: z.string(), clicks: z.int() })),
    }),
  ),
  next: z.null(),
});
const tokenDays = 30;

@Controller('api/v1')
export class SetupController {
  constructor(@Inject(consolePorts) private readonly ports: ConsolePorts) {}

  @Post('networks/preview')
  @Operation({
    summary: 'Says how a call would be read with settings of a network that are saved or not, without recording it.',
    role: 'editor',
    body: previewBody,
    answer: previewAnswer,
    errors: ['not_found'],
  })
  async previewReading(@Input() { body }: Given<unknown, unknown, z.infer<typeof previewBody>>) {
    const network = typeof body.network === 'string' ? await this.network(body.network) : this.unsaved(body.network);
    const { method, target, headers, body: text } = body.call;
    const path =
      target.startsWith('/') || target.startsWith('http') ? target : `/postback?${target.replace(/^\?/, '')}`;
    const raw = { method, target: path, headers, body: text, bodyEncoding: 'utf8' as const, remoteAddress: null };
    const result = readKeptCall(raw, network, (id) => readClickId(id, this.ports.secrets));
    const explanation = refusals.find(({ code }) => code === result.refusal);
    return {
      read: result.read,
      problems: result.problems,
      refusal: result.refusal,
      sentence: explanation?.sentence ?? null,
      remedy: explanation?.remedy ?? null,
      test: result.test,
      suppressDelivery: result.suppressDelivery,
      wouldBecome: result.refusal === null ? ('decided' as const) : ('refused' as const),
    };
  }

  @Post('networks/:key/statuses')
  @Operation({
    summary:
      'Maps one status word of a network, and replays the calls that were refused for it. ' +
      'With dryRun nothing is changed; it says how many calls would be replayed, and which conversions and money would move.',
    role: 'editor',
    params: byKey,
    query: changeQuery,
    body: statusBody,
    answer: statusAnswer,
  })
  async mapStatus(@Input() given: Given<{ key: string }, ChangeQuery, z.infer<typeof statusBody>>) {
    const { key } = given.params;
    const { word, meaning, replay } = given.body;
    const done = await changeAndReplay(this.ports, await this.network(key), {
      actor: given.actor,
      dryRun: given.query.dryRun,
      change: (settings) => ({ ...settings, statusMap: { ...(settings['statusMap'] as object), [word]: meaning } }),
      replay: replay ? { statusWord: writeChoice({ not: false, values: [word] }), refusal: 'status_unmapped' } : null,
    });
    return { networkKey: key, version: done.version, statusMap: done.network.statusMap, replay: done.replay };
  }

  @Get('campaigns/:key/tokens')
  @Operation({
    summary:
      'Lists the tokens that the last clicks of a campaign carried, with how many values they have and the most frequent ones.',
    role: 'viewer',
    params: byKey,
    answer: tokensAnswer,
  })
  async listCampaignTokens(@Input() { params: { key } }: Given<{ key: string }>) {
    const entry = await findCatalogEntry(this.ports.dataSource, 'campaign', key);
    if (!entry) throw notFound('campaign', key);
    const { reportTokens } = entry.body as Campaign;
    const since = new Date(this.ports.now().getTime() - tokenDays * 86_400_000);
    const { clicks, tokens } = await tokensOfCampaign(this.ports.pool, key, since);
    const items = tokens.map((token) => ({ ...token, reported: reportTokens.includes(token.name) }));
    return { campaignKey: key, since, clicks, items, next: null };
  }

  @Post('tests')
  @Operation({
    summary:
      'Tests a set-up: visits the campaign’s link and calls the network’s Postback URL, over HTTP. Both are kept out of reports.',
    role: 'editor',
    body: testBody,
    answer: testAnswer,
    errors: ['not_found', 'secret_missing'],
  })
  async startTest(@Input() { body }: Given<unknown, unknown, TestBody>) {
    return showTest(this.ports, await runTest(this.ports, body));
  }

  @Get('tests/:id')
  @Operation({
    summary: 'Says how far a test has come: click, redirect, postback, conversion, delivery.',
    role: 'viewer',
    params: byId,
    answer: testAnswer,
  })
  async readTest(@Input() { params: { id } }: Given<{ id: string }>) {
    const test = await findSetupTest(this.ports.pool, id);
    if (!test) throw notFound('test', id);
    return showTest(this.ports, test);
  }

  private async network(key: string): Promise<Network> {
    const entry = await findCatalogEntry(this.ports.dataSource, 'network', key);
    if (!entry) throw notFound('network', key);
    return entry.body as Network;
  }

  /** @throws Problem for settings that could not be saved. */
  private unsaved(settings: Record<string, unknown>): Network {
    const given = settingsOf('network', settings);
    const read = networkSettings.safeParse({ key: 'preview', name: 'preview', ...given });
    if (read.success) return { ...read.data, number: 0, tokens: [] };
    const errors = read.error.issues.map(({ path, message }) => ({
      path: `network.${path.join('.')}`,
      code: 'invalid',
      message,
    }));
    throw new Problem(422, 'invalid', 'these settings of a network are not valid', errors);
  }
}
