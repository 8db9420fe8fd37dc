import { describe, expect, it } from '@jest/globals';
import { destinationSettings, problemsOf, sourceSettings } from '#contracts';
import {
  compileDestination,
  decideDelivery,
  destinationLookup,
  judgeAttempt,
  macrosOf,
  noRates,
  templateFor,
} from '#domain';
import type { ConversionFacts } from '#domain';
import { applySourcePreset, clickUrlOf } from './apply.js';
import { loadSourcePresets } from './load.js';
import type { SourcePreset } from './schema.js';

const presets = [...loadSourcePresets().values()];
const byKey = presets.map((preset) => [preset.key, preset] as const);
type Example = SourcePreset['examples'][number];

/** The ids that a preset's examples may count on, because they are not ours to choose. */
const conversionId = '5e5f7a10-0000-7000-8000-000000000001';
const deliveryId = '5e5f7a10-0000-8000-8000-000000000002';

/** What a user gets who states nothing but the preset and the values that it asks for. */
const settingsOf = (preset: SourcePreset, fields: Record<string, string>) => {
  const { settings, problems } = applySourcePreset(preset, { key: 'mine' }, fields);
  expect(problems).toEqual([]);
  return sourceSettings.parse(settings);
};
const labelled = (preset: SourcePreset) =>
  Object.fromEntries(preset.fields.map((field) => [field.name, field.example]));

const factsOf = ({ click, conversion }: Example): ConversionFacts => ({
  conversionId,
  revision: 1,
  networkKey: 'a-network',
  campaignKey: 'a-campaign',
  sourceKey: 'mine',
  offerKey: 'an-offer',
  clickId: '7q2w9m4k1d5h8z3r6c0t',
  clickedAtMs: Date.parse(click.at),
  externalId: click.externalId,
  externalIdRaw: click.externalId,
  tokens: click.tokens,
  visitor: click.visitor,
  event: conversion.event,
  transactionId: conversion.transactionId,
  restored: 0,
  state: conversion.state,
  previousState: conversion.previousValue === null ? null : conversion.state,
  previousValue: conversion.previousValue,
  marks: [],
  currency: conversion.currency,
  value: conversion.amount,
  occurredAtMs: Date.parse(conversion.occurredAt),
  suppressDelivery: false,
});

describe('a source preset', () => {
  it('exists for at least 34 ad networks, trackers and platforms', () => {
    expect(presets.length).toBeGreaterThanOrEqual(34);
  });

  it.each(byKey)('%s makes a source whose postback carries the click id back', (_key, preset) => {
    const settings = settingsOf(preset, labelled(preset));
    const { destination } = settings;
    const texts = [destination?.url ?? '', destination?.body ?? '', ...Object.values(destination?.headers ?? {})];
    const used = texts.flatMap((text) => macrosOf(text).map((use) => use.name));
    expect(used.some((name) => ['click_id', 'external_id', 'fbc'].includes(name))).toBe(true);
    const tokens = used.filter((name) => name.startsWith('token.')).map((name) => name.slice('token.'.length));
    expect(Object.keys(settings.tokens)).toEqual(expect.arrayContaining(tokens));
  });

  it.each(byKey)('%s can be saved as it is', (_key, preset) => {
    expect(problemsOf('source', settingsOf(preset, labelled(preset)))).toEqual([]);
  });

  it.each(byKey)('%s has a click link in which every parameter has its macro, and none twice', (_key, preset) => {
    const settings = settingsOf(preset, labelled(preset));
    const link = clickUrlOf('https://tracker.example.com', 'summer', settings, preset);
    const [, query = ''] = link.split(/\?(.*)/s);
    const params = query === '' ? [] : query.split('&').map((pair) => pair.split('=')[0]);
    const expected = [
      ...(preset.externalIdMacro === null ? [] : [preset.externalIdParam]),
      ...Object.values(preset.tokens).flatMap((token) => (token.macro === null ? [] : [token.param])),
      ...(preset.cost ? [preset.cost.param] : []),
    ];
    expect(params).toEqual(expected);
    expect(new Set(params).size).toBe(params.length);
  });

  it.each(byKey)('%s is left alone by a conversion whose click has no id of theirs', (_key, preset) => {
    const example = preset.examples[0]!;
    const rules = destinationSettings.parse(settingsOf(preset, labelled(preset)).destination);
    const facts = { ...factsOf(example), externalId: null, externalIdRaw: preset.externalIdMacro };
    const decision = decideDelivery(compileDestination('source:mine', rules), facts, facts.occurredAtMs, noRates);
    expect(decision).toMatchObject({
      unsendable: preset.externalIdMacro === null ? 'external_id_missing' : 'external_id_macro',
    });
  });

  const examples = presets.flatMap((preset) =>
    preset.examples.map((example) => [preset.key, example.note, preset, example] as const),
  );
  it.each(examples)('%s: %s', (_key, _note, preset, example) => {
    const rules = destinationSettings.parse(settingsOf(preset, example.fields).destination);
    const destination = compileDestination('source:mine', rules);
    const facts = factsOf(example);
    const nowMs = facts.occurredAtMs + 1000;
    expect(decideDelivery(destination, facts, nowMs, noRates)).toMatchObject({ kind: 'owed', unsendable: null });

    const lookup = destinationLookup(destination, facts, { deliveryId, nowMs, rates: noRates });
    const { origin, target, shownTarget, ...rest } = templateFor(destination, facts).render(lookup);
    const { secrets } = destination.rules;
    expect(shownTarget).toBe(Object.values(secrets).reduce((text, secret) => text.replace(secret, '***'), target));
    expect({ url: origin + target, ...rest }).toEqual(example.expected);
    if (rest.body?.startsWith('{')) expect(() => JSON.parse(rest.body!)).not.toThrow();
  });

  const taughtReversals = byKey.filter(([, preset]) => preset.destination.onReversal);
  it.each(taughtReversals)('%s is sent a reversal as a delivery of its own', (_key, preset) => {
    const rules = destinationSettings.parse(settingsOf(preset, labelled(preset)).destination);
    const destination = compileDestination('source:mine', rules);
    const facts = factsOf(preset.examples[0]!);
    const idFor = (state: ConversionFacts['state']) => {
      const decision = decideDelivery(destination, { ...facts, state }, facts.occurredAtMs, noRates);
      return decision.kind === 'owed' ? decision.delivery.id : null;
    };
    expect(idFor('reversed')).not.toBeNull();
    expect(idFor('reversed')).not.toBe(idFor('approved'));
  });

  const answers = presets.flatMap((preset) =>
    preset.answers.map(
      (answer) =>
        [
          preset.key,
          answer.body,
          answer.delivered ? 'delivered' : answer.retried ? 'not yet' : 'not delivered',
          preset,
          answer,
        ] as const,
    ),
  );
  it.each(answers)('%s: the answer %j means %s', (_key, _body, _meaning, preset, answer) => {
    const rules = destinationSettings.parse(settingsOf(preset, labelled(preset)).destination);
    const { status, body } = answer;
    const took = { ms: 20, connectMs: 1, headersMs: 19 };
    const result = { kind: 'answered', status, retryAfter: null, headers: {}, body, ...took } as const;
    const expected = answer.delivered ? 'delivered' : answer.retried ? 'retry' : 'parked';
    expect(judgeAttempt(result, rules, 1, 0, 0.5).kind).toBe(expected);
  });
});
