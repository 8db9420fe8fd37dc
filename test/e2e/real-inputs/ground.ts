import { expect } from '@jest/globals';
import { testSecrets } from '../../support/service.js';
import type { Receiver } from '../../support/receiver.js';
import type { System } from '../../support/system.js';
import { waitFor } from '../../support/wait-for.js';

/** The real inputs of the field on one running system: each case has a network of its own. */

type Conversion = {
  id: string;
  transactionId: string | null;
  state: string;
  currency: string | null;
  money: Record<string, string> | null;
  marks: string[];
};
type UploadRow = {
  row: number;
  outcome: string;
  code?: string;
  read?: Record<string, string | null>;
  postbackId?: string;
};
type UploadAnswer = {
  code?: string;
  detail?: string;
  rows: UploadRow[];
  counts: Record<string, number>;
  complete: boolean;
  unusedColumns?: string[];
  fileProblems?: { code: string }[];
  totals?: { status: string | null; currency: string | null; rows: number; amount: string }[];
};
type Logged = {
  id: string;
  state: string;
  refusal: string | null;
  proof: string | null;
  problems: { code: string; param: string | null }[];
  read: Record<string, { value: string | null } | null>;
};
type Settings = Record<string, unknown>;
type Call = { query?: string; body?: string | Buffer; contentType?: string; headers?: Record<string, string> };

export type RealInputs = {
  system: System;
  receiver: Receiver;
  post: (path: string, file: string | Buffer, contentType?: string) => Promise<{ status: number; body: UploadAnswer }>;
  upload: (networkKey: string, file: string | Buffer, more?: string) => Promise<{ status: number; body: UploadAnswer }>;
  /** A network with an offer and a campaign of its own, and click ids of it. */
  network: (
    key: string,
    settings: Settings,
    clicks: number,
    more?: { offer?: Settings; sourceKey?: string },
  ) => Promise<string[]>;
  /** Clicks of another tracker, with the times that the case wants. */
  importClicks: (lines: readonly Record<string, string>[]) => Promise<void>;
  /** Calls the network's own Postback URL. */
  call: (networkKey: string, call: string | Call) => Promise<{ status: number; id: string; text: string }>;
  postbackUrl: (networkKey: string) => Promise<string>;
  conversions: (networkKey: string) => Promise<Conversion[]>;
  logged: (networkKey: string) => Promise<Logged[]>;
  /** Waits until as many calls of a network are decided. */
  decided: (networkKey: string, calls: number) => Promise<void>;
  /** The same, and then the network's approved money by transaction id. */
  approvedAfter: (networkKey: string, calls: number) => Promise<Record<string, string>>;
};

const authorization = `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`;

export const realInputs = (system: System, receiver: Receiver): RealInputs => {
  const { api } = system;
  const post: RealInputs['post'] = async (path, file, contentType = 'text/csv') => {
    const answer = await fetch(`${system.console.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': contentType },
      body: file,
    });
    return { status: answer.status, body: (await answer.json()) as UploadAnswer };
  };
  const network: RealInputs['network'] = async (key, settings, clicks, { offer = {}, sourceKey = 'ads' } = {}) => {
    const make = async (path: string, body: object): Promise<void> => {
      const made = await api('POST', path, body);
      expect([path, key, made.status, made.status === 201 ? null : made.body]).toEqual([path, key, 201, null]);
    };
    await make('/networks', { key, name: key, ...settings });
    const url = 'https://shop.example/?sub={click_id}';
    await make('/offers', { key: `${key}-offer`, networkKey: key, url, ...offer });
    await make('/campaigns', { key: `${key}-ads`, sourceKey, offers: [{ offerKey: `${key}-offer` }] });
    const click = async (): Promise<string> => {
      const answer = await fetch(`${system.ingest.url}/c/${key}-ads?click_id=x`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('sub') ?? '';
    };
    await waitFor(async () => (await click()) !== '');
    return Promise.all(Array.from({ length: clicks }, click));
  };
  const postbackUrl: RealInputs['postbackUrl'] = async (networkKey) => {
    const { status, body } = await api<{ postbackUrl: string }>('GET', `/networks/${networkKey}`);
    expect([networkKey, status, status === 200 ? null : body]).toEqual([networkKey, 200, null]);
    return body.postbackUrl.split('?')[0] as string;
  };
  const call: RealInputs['call'] = async (networkKey, given) => {
    const { query = '', body, contentType, headers = {} } = typeof given === 'string' ? { query: given } : given;
    const url = `${await postbackUrl(networkKey)}${query === '' ? '' : `?${query}`}`;
    const init = { method: body === undefined ? 'GET' : 'POST', body: body ?? null };
    const type = contentType === undefined ? {} : { 'content-type': contentType };
    const answer = await fetch(url, { ...init, headers: { ...headers, ...type } });
    return {
      status: answer.status,
      id: answer.headers.get('carom-postback-id') ?? '',
      text: await answer.text(),
    };
  };
  const list = async <Item>(path: string): Promise<Item[]> => (await api<{ items: Item[] }>('GET', path)).body.items;
  const conversions = (networkKey: string) => list<Conversion>(`/conversions?networkKey=${networkKey}&limit=200`);
  const decided: RealInputs['decided'] = async (networkKey, calls) => {
    const path = `/postbacks?networkKey=${networkKey}&state=!orphan&limit=200`;
    await waitFor(async () => (await list(path)).length >= calls, 20_000, `${calls} calls of ${networkKey}`);
  };
  return {
    system,
    receiver,
    post,
    upload: (networkKey, file, more = '') => post(`/conversions/upload?networkKey=${networkKey}${more}`, file),
    network,
    importClicks: async (lines) => {
      const names = [...new Set(lines.flatMap((line) => Object.keys(line)))];
      const rows = lines.map((line) => names.map((name) => line[name] ?? '').join(','));
      const { body } = await post('/clicks/upload', [names.join(','), ...rows, ''].join('\n'));
      expect(body.counts).toMatchObject({ accepted: lines.length });
      const ids = lines.map((line) => line['click_id'] ?? '').join(',');
      await waitFor(async () => (await list(`/clicks?clickId=${ids}&limit=200`)).length === lines.length);
    },
    call,
    postbackUrl,
    conversions,
    logged: (networkKey) => list<Logged>(`/postbacks?networkKey=${networkKey}&limit=200`),
    decided,
    approvedAfter: async (networkKey, calls) => {
      await decided(networkKey, calls);
      const all = await conversions(networkKey);
      return Object.fromEntries(
        all.map(({ transactionId, money }) => [transactionId ?? '', money?.['approved'] ?? '?']),
      );
    },
  };
};
