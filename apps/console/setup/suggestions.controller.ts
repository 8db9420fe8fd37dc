import type { Network } from '#contracts';
import { suggestSettings, type Suggestion } from '#domain';
import { findCatalogEntry, seenCallsOf } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { notFound, Problem } from '../http/problem.js';
import { replayAnswer } from '../log/replay-run.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { changeAndReplay, changeQuery, type ChangeQuery } from './change-and-replay.js';

/** What settings the calls of a network suggest, and the change itself with the replay that it is
 *  made for. */

const byKey = z.object({ key: z.string().max(63) });
const codes = ['amount_format', 'default_currency', 'amount_parameter', 'status_word', 'require_token'] as const;

const changeOf = z.record(z.string(), z.unknown()).meta({
  description: 'The settings to change, merged into those that are there.',
  examples: [{ amountFormat: 'dot' }],
});
const about = z
  .string()
  .nullable()
  .meta({ description: 'Which of several of one code: the status word, the parameter.', examples: ['price'] });

const suggestionsAnswer = z.object({
  networkKey: z.string(),
  since: z.iso.datetime(),
  calls: z.int().meta({ description: 'How many of the newest calls were looked at.', examples: [1220] }),
  items: z.array(
    z.object({
      code: z.enum(codes),
      about,
      message: z.string(),
      evidence: z.int().meta({ description: 'Calls that show it.', examples: [1203] }),
      affected: z.int().meta({ description: 'Calls that it would help.', examples: [17] }),
      sampleId: z.uuid().nullable(),
      /** A status word is mapped by `POST /networks/:key/statuses`. */
      change: changeOf.nullable().meta({
        description: 'The settings to change, merged into those that are there. Null: a person has to decide.',
        examples: [{ amountFormat: 'dot' }],
      }),
      replay: z
        .record(z.string(), z.string())
        .nullable()
        .meta({
          description: 'Filters of the calls to replay afterwards; null: none.',
          examples: [{ problem: 'amount_ambiguous' }],
        }),
    }),
  ),
  next: z.null(),
});

const applyBody = z.strictObject({
  code: z.enum(codes),
  about: about.default(null),
  replay: z.boolean().default(true),
});
const applyAnswer = z.object({
  networkKey: z.string(),
  version: z.int(),
  change: changeOf,
  replay: replayAnswer.nullable(),
});

const days = 30;
const maxCalls = 20_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As RFC 7396 merges; a suggestion removes nothing. */
const merged = (settings: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> => {
  const all = { ...settings };
  for (const [name, value] of Object.entries(change)) {
    const before = all[name];
    all[name] = isRecord(value) && isRecord(before) ? merged(before, value) : value;
  }
  return all;
};

@Controller('api/v1/networks')
export class SuggestionsController {
  constructor(@Inject(consolePorts) private readonly ports: ConsolePorts) {}

  @Get(':key/suggestions')
  @Operation({
    summary:
      'Says which settings of a network its last calls suggest: how it writes amounts, its currency, words to map, a parameter ' +
      'that may be the payout. Nothing is changed.',
    role: 'viewer',
    params: byKey,
    answer: suggestionsAnswer,
  })
  async listSuggestions(@Input() { params: { key } }: Given<{ key: string }>) {
    const { since, calls, items } = await this.suggestionsOf(key, await this.network(key));
    return { networkKey: key, since, calls, items, next: null };
  }

  @Post(':key/suggestions')
  @Operation({
    summary:
      'Applies one suggestion to the network, and replays the calls that it helps. ' +
      'With dryRun nothing is changed; it says which conversions and money would move.',
    role: 'editor',
    params: byKey,
    query: changeQuery,
    body: applyBody,
    answer: applyAnswer,
    errors: ['suggestion_gone', 'suggestion_open'],
  })
  async acceptSuggestion(@Input() given: Given<{ key: string }, ChangeQuery, z.infer<typeof applyBody>>) {
    const { key } = given.params;
    const { code, about, replay } = given.body;
    const network = await this.network(key);
    const { since, items } = await this.suggestionsOf(key, network);
    const chosen = items.find((item) => item.code === code && item.about === about);
    if (!chosen)
      throw new Problem(409, 'suggestion_gone', 'the last calls of this network do not suggest that any more');
    if (chosen.change === null)
      throw new Problem(422, 'suggestion_open', 'the calls do not decide this; change the settings yourself');
    const { change } = chosen;
    const done = await changeAndReplay(this.ports, network, {
      actor: given.actor,
      dryRun: given.query.dryRun,
      change: (settings) => merged(settings, change),
      replay: replay && chosen.replay ? { channel: 'postback', from: since.toISOString(), ...chosen.replay } : null,
      // A default is no part of the reading, so those calls read the same as before.
      everything: code === 'default_currency',
    });
    return { networkKey: key, version: done.version, change, replay: done.replay };
  }

  private async suggestionsOf(
    networkKey: string,
    network: Network,
  ): Promise<{ since: Date; calls: number; items: Suggestion[] }> {
    const since = new Date(this.ports.now().getTime() - days * 86_400_000);
    const seen = await seenCallsOf(this.ports.pool, { networkKey, since, limit: maxCalls });
    return { since, calls: seen.length, items: suggestSettings(seen, network) };
  }

  private async network(key: string): Promise<Network> {
    const entry = await findCatalogEntry(this.ports.dataSource, 'network', key);
    if (!entry) throw notFound('network', key);
    return entry.body as Network;
  }
}
