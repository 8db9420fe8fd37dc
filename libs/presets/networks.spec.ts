import { describe, expect, it } from '@jest/globals';
import { networkSettings, problemsOf } from '#contracts';
import { parseNanos, readPostback } from '#domain';
import type { InboundCall } from '#domain';
import { applyNetworkPreset } from './apply.js';
import { loadNetworkPresets } from './load.js';
import type { NetworkPreset } from './schema.js';

const presets = [...loadNetworkPresets().values()];
const byKey = presets.map((preset) => [preset.key, preset] as const);

/** What a user gets who states nothing but the preset. */
const settingsOf = (preset: NetworkPreset) => networkSettings.parse(applyNetworkPreset(preset, { key: 'mine' }));

/** No click id is recognised as one of ours, so that it is found by its parameter or not at all. */
const noneOfOurs = () => null;
const read = (
  preset: NetworkPreset,
  call: Omit<InboundCall, 'body'> & { body: string | null },
  recognise = noneOfOurs,
) => readPostback({ ...call, body: call.body === null ? null : Buffer.from(call.body) }, settingsOf(preset), recognise);

const templatesOf = ({ postback }: NetworkPreset) => [postback.template, ...postback.more.map((one) => one.template)];
const pairsOf = (query: string) => query.split('&').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]);
/** Constants of a template: values without a macro, which are a plain word or number. */
const isConstant = (value: string) => /^[a-z0-9_]+$/i.test(value) && !/^xx\w+xx$/.test(value);

const sameMoney = (amount: string | null) => (amount === null ? null : parseNanos(amount));

describe('a network preset', () => {
  it('exists for at least 34 networks and platforms', () => {
    expect(presets.length).toBeGreaterThanOrEqual(34);
  });

  it.each(byKey)('%s names a platform that has a preset itself', (_key, preset) => {
    expect(preset.platform === undefined || presets.some((other) => other.key === preset.platform)).toBe(true);
  });

  it.each(byKey)('%s fills the settings of a network and leaves the rest at its default', (_key, preset) => {
    const settings = settingsOf(preset);
    expect(settings).toMatchObject(preset.settings);
    expect(problemsOf('network', settings)).toEqual([]);
    expect(settings).toMatchObject({ key: 'mine', name: preset.name, preset: preset.key });
  });

  it.each(byKey)('%s shows calls that one of its Postback URLs makes', (_key, preset) => {
    const calls = preset.examples.filter((example) => example.method === preset.postback.method);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      const sent = pairsOf(call.query);
      const fits = templatesOf(preset).some((template) => {
        const pairs = pairsOf(template);
        return (
          pairs.length === sent.length &&
          pairs.every(([name, value], at) => name === sent[at]?.[0] && (!isConstant(value) || value === sent[at][1]))
        );
      });
      expect([call.query, fits]).toEqual([call.query, true]);
    }
  });

  it.each(byKey)('%s says nothing by a macro that was not replaced', (_key, preset) => {
    for (const template of templatesOf(preset)) {
      for (const query of [
        template,
        pairsOf(template)
          .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
          .join('&'),
      ]) {
        const { read: fields } = read(preset, { method: 'GET', query, body: null, contentType: null });
        const constants = new Set(
          pairsOf(template)
            .filter(([, value]) => isConstant(value))
            .map(([name]) => name),
        );
        const taken = Object.values(fields).flatMap((field) =>
          field && !constants.has(field.param) ? [field.raw] : [],
        );
        expect([query, taken]).toEqual([query, []]);
      }
    }
  });

  const examples = presets.flatMap((preset) =>
    preset.examples.map((example) => [preset.key, example.note, preset, example] as const),
  );
  it.each(examples)('%s: %s', (_key, _note, preset, example) => {
    const { read: fields, refusal } = read(preset, example);
    const value = (field: keyof typeof fields) => fields[field]?.value ?? null;
    const { amount, ...expected } = example.expected;
    expect(refusal).toBe(expected.status === 'ignored' ? 'status_ignored' : null);
    expect({
      clickId: value('clickId'),
      transactionId: value('transactionId'),
      currency: value('currency'),
      status: value('status'),
      event: value('event'),
      occurredAt: value('occurredAt'),
    }).toEqual(expected);
    expect(sameMoney(value('amount'))).toBe(sameMoney(amount));
  });
});
