import { describe, expect, it } from '@jest/globals';
import { networkSettings, problemsOf } from '#contracts';
import {
  analyseReportFile,
  csvOptions,
  judgeCaller,
  parseNanos,
  queryOf,
  readParameters,
  readPostback,
  readReportRow,
  reportDialect,
  reportParameter,
  reportStatus,
} from '#domain';
import type { InboundCall } from '#domain';
import { parse } from 'csv-parse/sync';
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

const templatesOf = ({ postback }: NetworkPreset) =>
  postback === null ? [] : [postback.template, ...postback.more.map((one) => one.template)];
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

  const callers = byKey.filter(([, { postback }]) => postback !== null);
  it.each(callers)('%s shows calls that one of its Postback URLs makes', (_key, preset) => {
    const calls = preset.examples.filter((example) => example.method === preset.postback?.method);
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

  const reports = presets.flatMap((preset) =>
    preset.reports.map((each) => [preset.key, each.note, preset, each] as const),
  );
  it.each(reports)('%s reads its own report: %s', (_key, _note, preset, report) => {
    const settings = settingsOf(preset);
    const { plan, problems } = analyseReportFile(Buffer.from(report.file), {
      isWhole: true,
      declaredCharset: null,
      mapping: settings.reportFile ?? {},
      network: settings,
      nowMs: Date.UTC(2026, 11, 1),
    });
    if (!plan) throw new Error(problems.map(({ message }) => message).join(' '));
    const rows = (parse(report.file, csvOptions(plan.delimiter)) as string[][]).slice(plan.headerRow);
    const read = rows.flatMap((row) => {
      const found = readReportRow(row, plan);
      if (found.kind !== 'report') return [];
      const ours = { ...found.fields, ...(found.status !== null && { status: reportStatus(found.status) }) };
      const query = new URLSearchParams(
        Object.entries(ours).map(([field, value]): [string, string] => [reportParameter(field), value]),
      ).toString();
      const call = { method: 'GET', query, body: null, contentType: null };
      const { reversalOf: _none, ...fields } = readPostback(call, reportDialect(settings), noneOfOurs).read;
      return [Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value?.value ?? null]))];
    });
    expect(read).toEqual(report.expected);
  });

  const signed = presets.flatMap((preset) => preset.signed.map((each) => [preset.key, preset, each] as const));
  it.each(signed)(
    '%s verifies the call that its documentation prints',
    (_key, preset, { secret, uri, headers, body }) => {
      const security = { signature: { secret }, requireToken: false };
      const settings = networkSettings.parse(applyNetworkPreset(preset, { key: 'mine', security }));
      const judged = (address: string) => {
        const target = address.slice(new URL(address).origin.length);
        const bytes = body === null ? null : Buffer.from(body);
        const call = {
          method: 'GET',
          query: queryOf(target),
          body: bytes,
          contentType: headers['content-type'] ?? null,
        };
        const { list, fromQuery } = readParameters(call);
        return { uri: address, target, headers, body: bytes, parameters: list, fromQuery, address: null };
      };
      expect(judgeCaller(judged(uri), settings.security, false, Date.UTC(2026, 11, 1))).toBeNull();
      expect(judgeCaller(judged(uri.replace('500', '900')), settings.security, false, 0)).toBe('signature_wrong');
    },
  );

  it('has the mapping of the reports of eight networks, and the signature of those that sign', () => {
    const mapped = presets.filter(({ settings }) => settings.reportFile).map(({ key }) => key);
    expect(mapped).toEqual(
      expect.arrayContaining([
        'amazon-associates',
        'awin',
        'cj',
        'ebay-partner',
        'everflow',
        'rakuten',
        'shareasale',
        'tradedoubler',
      ]),
    );
    expect(presets.filter(({ signature }) => signature !== null).length).toBeGreaterThanOrEqual(6);
  });
});
