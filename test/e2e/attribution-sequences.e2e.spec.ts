import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { topics, type ClickRecordedV1 } from '#contracts';
import { mintClickId } from '#domain';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { createLog, createMetrics, projectRoot } from '#runtime';
import { sequences } from '../sequences/all.js';
import { addressed, fillIn, type Sequence } from '../sequences/sequence.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { withClient } from '../support/template.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';
import { inParallel } from '../faults/senders.js';
import { waitFor } from '../support/wait-for.js';
import {
  proofActions,
  proofColumns,
  proofNetworks,
  proofPage,
  wrongColumns,
  type ProofCall,
  type ProofCell,
  type ProofColumn,
} from './proof-table.js';

/** The same sequences as in the pure specification, as HTTP calls on the real system: what the
 * rules say and what the system does must be one. Clicks are put on their topic with the age the
 * sequence wants; calls go to the network's own Postback URL. */

type Conversion = {
  transactionId: string | null;
  event: string | null;
  state: string;
  money: Record<string, string> | null;
  currency: string | null;
  marks: string[];
};
type Logged = { items: { state: string; refusal: string | null }[] };
type Played = { log: string[]; conversions: Conversion[] };

let ground: TestGround;
let services: Service[] = [];
let api: Api;
let ingest: Service;
let producer: Producer;
const played = new Map<string, Promise<Played>>();

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  const names = ['console', 'ingest', 'attribution'] as const;
  const env = { ...ground.env, CAROM_TRUSTED_PROXIES: '127.0.0.0/8', ATTRIBUTION_SWEEP_MS: '200' };
  services = await Promise.all(names.map((name) => startService(name, env)));
  const [console_, first] = services as [Service, Service];
  ingest = first;
  api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  producer = await connectProducer({
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'spec',
    topicPrefix: ground.topicPrefix,
    log: createLog('spec', 'silent'),
    metrics: kafkaMetrics(createMetrics('spec')),
  });
  await api('POST', '/sources', { key: 'adnet', name: 'Ad network' });
  // Six at a time: fast, and still each sequence for itself in its own order.
  const queue = sequences.map((sequence, index) => ({ sequence, index }));
  for (const { sequence } of queue) {
    let settle: (value: Promise<Played>) => void = () => undefined;
    played.set(sequence.name, new Promise<Played>((resolve) => (settle = resolve)));
    starts.set(sequence.name, settle);
  }
  void Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const playing = play(next.sequence, next.index);
        starts.get(next.sequence.name)?.(playing);
        await playing.catch(() => undefined);
      }
    }),
  );
}, 60_000);
const starts = new Map<string, (value: Promise<Played>) => void>();

afterAll(async () => {
  await Promise.allSettled(played.values());
  await Promise.all(services.map((service) => service.stop()));
  await producer?.close();
  await ground?.close();
});

/** A network with an offer and a campaign, all of one key. */
const setUp = async (key: string, sequence: Sequence) => {
  const network = await api<{ token: string }>('POST', '/networks', {
    key,
    name: sequence.name,
    defaultCurrency: 'USD',
    ...sequence.network,
  });
  const offer = await api<{ number: number }>('POST', '/offers', offerOf(key, sequence.offer));
  const campaign = await api<{ number: number }>('POST', '/campaigns', {
    key,
    sourceKey: 'adnet',
    offers: [{ offerKey: key }],
  });
  expect([network.status, offer.status, campaign.status]).toEqual([201, 201, 201]);
  return { key, token: network.body.token, offerNumber: offer.body.number, campaignNumber: campaign.body.number };
};
type SetUp = Awaited<ReturnType<typeof setUp>>;
const offerOf = (key: string, more: Sequence['offer']) => ({
  key,
  networkKey: key,
  url: 'https://shop.example.com/?c={click_id}',
  ...more,
});

const clickOf = (clickedAtMs: number, { key, offerNumber, campaignNumber }: SetUp): ClickRecordedV1 => ({
  clickId: mintClickId(
    { atMs: clickedAtMs, offerNumber, campaignNumber, random: randomBytes(5) },
    testSecrets.CAROM_SECRET,
  ),
  clickedAtMs,
  campaignKey: key,
  sourceKey: 'adnet',
  offerKey: key,
  networkKey: key,
  externalId: 'ext',
  externalIdRaw: 'ext',
  tokens: {},
  cost: null,
  visitor: { ip: null, userAgent: null, referer: null, language: null },
  channel: 'redirect',
  unique: true,
  flags: [],
});

const putClicks = (clicks: readonly ClickRecordedV1[]) =>
  producer.produce(
    clicks.map((click) => ({
      topic: topics.clicks.name,
      key: click.clickId,
      value: JSON.stringify(click),
      headers: { type: topics.clicks.type },
    })),
  );

/** Calls one after another, each when the one before it has been decided. */
const play = async (sequence: Sequence, index: number): Promise<Played> => {
  const own = await setUp(`seq-${index}`, sequence);
  const second = sequence.calls.some((call) => addressed(call).to === 'second')
    ? await setUp(`seq-${index}-second`, sequence)
    : own;
  const nowMs = Date.now();
  const clickedAtMs = nowMs - (sequence.clickAgeSeconds ?? 3 * 3600) * 1000;
  const [a, b, c] = [clickOf(clickedAtMs, own), clickOf(clickedAtMs, own), clickOf(clickedAtMs, second)];
  await putClicks([a, b, c]);
  const given = { a: a.clickId, b: b.clickId, c: c.clickId, t: `S${index}.`, nowMs };
  const ids: string[] = [];
  for (const call of sequence.calls) {
    const { to, early, query } = addressed(fillIn(call, given));
    const token = to === 'plain' ? '' : `/${(to === 'second' ? second : own).token}`;
    // A network that was made a moment ago may not have reached ingest yet: then its token is
    // unknown there.
    const answer = await waitFor(
      () => fetch(`${ingest.url}/postback${token}?${query}`).then((each) => (each.status === 403 ? null : each)),
      10_000,
      'the token to be known',
    );
    const id = answer.headers.get('carom-postback-id') ?? '';
    ids.push(id);
    await waitFor(() => (early ? logged(id) : decided(id)), 20_000, `${call} to be decided`);
  }
  for (const id of ids) await waitFor(() => decided(id), 20_000, 'what waited to be decided');
  if (sequence.thenOffer) await passTime(own.key, sequence);
  const log = await Promise.all(ids.map(async (id) => (await decided(id)) ?? 'nothing'));
  const conversions = [...(await conversionsOf(own.key)), ...(second === own ? [] : await conversionsOf(second.key))];
  return {
    log,
    conversions: conversions.map((each) => ({
      ...each,
      transactionId: each.transactionId?.replace(given.t, '') ?? null,
    })),
  };
};

const conversionsOf = async (networkKey: string) =>
  (await api<{ items: Conversion[] }>('GET', `/conversions?networkKey=${networkKey}`)).body.items;

/** Changes the offer, and waits until what the system does by itself has been done: no mark of the
 * cap, no hold is left. */
const passTime = async (key: string, sequence: Sequence): Promise<void> => {
  const { status } = await api('PUT', `/offers/${key}`, offerOf(key, { ...sequence.offer, ...sequence.thenOffer }));
  expect(status).toBe(200);
  const isDue = ({ marks }: Conversion) => marks.includes('over_cap') || marks.includes('held');
  await waitFor(async () => !(await conversionsOf(key)).some(isDue), 30_000, `${sequence.name}: time to pass`);
};

const logged = async (id: string): Promise<string | null> => {
  const { body } = await api<Logged>('GET', `/postbacks?id=${id}`);
  const [item] = body.items;
  if (!item) throw new Error(`${id} is not logged`);
  return item.refusal ?? item.state;
};
const decided = async (id: string): Promise<string | null> => {
  const state = await logged(id);
  if (state === 'orphan') throw new Error(`${id} is not decided`);
  return state;
};

const standing = (money: Record<string, string> | null | undefined) =>
  money &&
  Object.entries(money)
    .filter(([, amount]) => amount !== '0')
    .sort();
const line = (each: {
  transaction: string;
  event: string | null;
  state: string;
  money: Record<string, string> | null;
  marks: string[];
}) => JSON.stringify([each.transaction, each.event, each.state, standing(each.money), each.marks]);

describe('sequences of calls from networks, on the real system', () => {
  it.each(sequences.map((sequence) => [sequence.name, sequence] as const))('%s', async (name, sequence) => {
    const { log, conversions } = (await played.get(name)) as Played;
    expect(log).toEqual(sequence.log);
    expect(conversions.map((each) => line({ ...each, transaction: each.transactionId ?? '-' })).sort()).toEqual(
      sequence.conversions
        .map(({ transaction, event = null, state, money, marks = [] }) =>
          line({ transaction, event, state, money, marks }),
        )
        .sort(),
    );
    for (const { currency } of sequence.conversions)
      if (currency !== undefined) expect(conversions.map((each) => each.currency)).toContain(currency);
  });
});

describe('the table of proof, on the real system', () => {
  type Said = { status: number; said: string };
  const send = async ({ path, address }: ProofCall): Promise<Said> => {
    const headers: Record<string, string> = address === null ? {} : { 'x-forwarded-for': address };
    const answer = await fetch(`${ingest.url}${path}`, { headers });
    if (answer.status !== 200) return { status: answer.status, said: ((await answer.json()) as { code: string }).code };
    const id = answer.headers.get('carom-postback-id') ?? '';
    return { status: 200, said: (await waitFor(() => decided(id), 20_000, path)) ?? '' };
  };
  const shownOf = (conversion: Conversion | undefined): string =>
    conversion
      ? [conversion.state, ...(standing(conversion.money) ?? []).map(([, amount]) => amount), ...conversion.marks].join(
          ' ',
        )
      : 'none';

  it('is what the docs say: each proof and none, by each thing that a call may want', async () => {
    await Promise.allSettled(played.values());
    const made = await Promise.all(
      Object.entries(proofNetworks).map(async ([key, security]) => {
        const empty = { name: key, calls: [], log: [], conversions: [] };
        return [key, await setUp(key, { ...empty, network: { security } })] as const;
      }),
    );
    const setUps = new Map<string, SetUp>(made);
    const cells = new Map<string, ProofCell>();
    const cases = [...proofColumns, ...wrongColumns].flatMap((column, number) =>
      proofActions.map((action) => {
        const own = setUps.get(column.network)!;
        const [a, b] = [clickOf(Date.now() - 3_600_000, own), clickOf(Date.now() - 3_600_000, own)];
        return { column, action, own, a, b, transactionId: `PROOF-${number}-${action.title}` };
      }),
    );
    await putClicks(cases.flatMap(({ a, b }) => [a, b]));
    const lastOf = async (transactionId: string): Promise<Conversion | undefined> =>
      (await api<{ items: Conversion[] }>('GET', `/conversions?transactionId=${transactionId}`)).body.items[0];
    const isKnown = ({ before, network }: ProofColumn) =>
      waitFor(async () => {
        const token = setUps.get(network)?.token ?? '';
        const { path, address } = before(token, 'transaction_id=PROBE&status=ignore-this');
        const headers: Record<string, string> = address === null ? {} : { 'x-forwarded-for': address };
        return (await fetch(`${ingest.url}${path}`, { headers })).status !== 403;
      });
    await Promise.all(proofColumns.map(isKnown));
    await inParallel(cases, 24, async ({ column, action, own, a, b, transactionId }) => {
      const say = (click: ClickRecordedV1, words: string) =>
        `clickid=${click.clickId}&transaction_id=${transactionId}&${words}`;
      if (action.before !== null)
        expect(await send(column.before(own.token, say(a, action.before)))).toEqual({ status: 200, said: 'applied' });
      let said = await send(column.way(own.token, say(action.on === 'a' ? a : b, action.call)));
      if (action.then !== undefined && said.status === 200) {
        const network = column.network === 'proof-none' ? proofColumns[1]!.before : column.before;
        said = await send(network(own.token, say(a, action.then)));
      }
      cells.set(`${column.title} ${action.title}`, { ...said, conversion: shownOf(await lastOf(transactionId)) });
    });
    const rendered = proofPage((column, action) => cells.get(`${column} ${action}`)!);
    process.stdout.write(`${rendered}\n`);
    const page = join(projectRoot, 'docs/reference/proof.md');
    if (process.env['CAROM_WRITE_DOCS'] === '1') writeFileSync(page, rendered);
    expect(rendered).toBe(readFileSync(page, 'utf8'));
  }, 60_000);
});

describe('money tools, on the real system', () => {
  type Call = { id: string; state: string; replays: unknown[] };
  type Replay = {
    matched: number;
    replayed: number;
    moves: { conversionsChanged: number; states: object; money: object[] };
  };
  const owner = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    withClient(ground.databaseUrl, async (client) => (await client.query(sql, values)).rows as Row[]);
  const replay = async (filter: object, dryRun = false) =>
    (await api<Replay>('POST', '/postbacks/replay', { filter, dryRun })).body;
  const gauge = async (name: string): Promise<number> => {
    const text = await (await fetch(`${services[2]?.healthUrl}/metrics`)).text();
    return Number(new RegExp(`^carom_attribution_orphans_${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const call = async (token: string, query: string): Promise<string> => {
    const answer = await waitFor(() =>
      fetch(`${ingest.url}/postback/${token}?${query}`).then((each) => (each.status === 403 ? null : each)),
    );
    const id = answer.headers.get('carom-postback-id') ?? '';
    await waitFor(() => logged(id), 20_000, `${query} to be logged`);
    return id;
  };
  const networkOf = async (key: string, more: object = {}) => {
    const made = await setUp(key, { name: key, calls: [], log: [], conversions: [], network: more });
    return { ...made, body: (await api<Record<string, unknown>>('GET', `/networks/${key}`)).body };
  };

  it('releases an orphan by hand once its network names the parameter of the click id, and counts what waits until then', async () => {
    await Promise.allSettled(played.values());
    const own = await networkOf('by-hand');
    await putClicks([{ ...clickOf(Date.now() - 3_600_000, own), clickId: 'IMPORTED-BY-HAND', channel: 'import' }]);
    const id = await call(own.token, 'transaction_id=HAND-1&amount=4&aff_ref=IMPORTED-BY-HAND');
    // So that only the operator checks it again.
    await owner(
      "update orphans set check_at = now() + interval '1 day', received_at = received_at where postback_id = $1",
      [id],
    );
    expect((await api<{ items: Call[] }>('GET', '/postbacks?state=orphan')).body.items.map((each) => each.id)).toEqual([
      id,
    ]);
    await waitFor(async () => (await gauge('waiting')) === 1 && (await gauge('oldest_seconds')) > 0);
    expect((await replay({ state: 'orphan' }, true)).moves).toMatchObject({ conversionsChanged: 0, money: [] });
    await api('PUT', '/networks/by-hand', { ...own.body, params: { clickId: ['aff_ref'] } });
    expect((await replay({ state: 'orphan' }, true)).moves).toMatchObject({
      conversionsChanged: 1,
      money: [{ currency: 'USD', approved: '4' }],
    });
    expect(await logged(id)).toBe('orphan');
    expect((await replay({ id })).replayed).toBe(1);
    await waitFor(async () => (await logged(id)) === 'applied', 20_000, 'the orphan to be released');
    expect((await api<Call>('GET', `/postbacks/${id}`)).body.replays).toHaveLength(1);
    expect(await conversionsOf('by-hand')).toMatchObject([{ transactionId: 'HAND-1', money: { approved: '4' } }]);
    await waitFor(async () => (await gauge('waiting')) === 0);
  }, 60_000);

  it('shows that a replay moves nothing for a call whose click may still arrive', async () => {
    const own = await networkOf('patient');
    const lost = clickOf(Date.now() - 60_000, own);
    const id = await call(own.token, `clickid=${lost.clickId}&transaction_id=PATIENT-1&amount=4`);
    expect((await replay({ id }, true)).moves).toMatchObject({ conversionsChanged: 0 });
    await replay({ id });
    await waitFor(async () => (await api<Call>('GET', `/postbacks/${id}`)).body.replays.length === 1);
    expect(await logged(id)).toBe('orphan');
    await putClicks([lost]);
    await waitFor(async () => (await logged(id)) === 'applied', 20_000, 'its click to release it');
  }, 60_000);

  it('continues a replay whose console was killed halfway, and ends with the result of the dry run', async () => {
    const rows = 6_000;
    const own = await networkOf('cut-off');
    const click = clickOf(Date.now() - 3_600_000, own);
    await putClicks([click]);
    const lines = Array.from({ length: rows }, (_, index) => `CUT-${index},1.25,gezahlt,${click.clickId}`);
    const console_ = services[0] as Service;
    await fetch(`${console_.url}/api/v1/conversions/upload?networkKey=cut-off`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
      body: `transaction_id,amount,status,click_id\n${lines.join('\n')}\n`,
    }).then((answer) => answer.text());
    const count = async (state: string) =>
      Number(
        (
          await owner<{ n: bigint }>(
            "select count(*) as n from postbacks where network_key = 'cut-off' and state = $1",
            [state],
          )
        )[0]?.n,
      );
    await waitFor(async () => (await count('refused')) === rows, 60_000, 'all of them to be refused');
    await api('PUT', '/networks/cut-off', { ...own.body, statusMap: { gezahlt: 'approved' } });
    const filter = { networkKey: 'cut-off', refusal: 'status_unmapped' };
    const { moves } = await replay(filter, true);
    expect(moves).toMatchObject({ conversionsChanged: rows, money: [{ currency: 'USD', approved: '7500' }] });

    const cut = replay(filter).catch(() => 'cut off' as const);
    await waitFor(async () => (await count('applied')) > 0, 20_000, 'the first of them to be applied');
    await console_.kill9();
    expect(await cut).toBe('cut off');
    const { body: log } = await (await console_.restart(),
    api<{ items: { action: string }[] }>('GET', '/audit?kind=postback'));
    expect(log.items[0]).toMatchObject({ action: 'replay_begun' });

    const rest = await replay(filter);
    expect(rest.replayed).toBeGreaterThan(0);
    await waitFor(async () => (await count('applied')) === rows, 60_000, 'all of them to be applied');
    expect((await replay(filter)).matched).toBe(0);
    const entries = await owner(
      `select c.state, c.revision, count(*)::int as entries, (sum(e.amount_nanos) / 10000000)::int as cents from conversions c
       join ledger_entries e on e.conversion_id = c.id where c.network_key = 'cut-off' group by 1, 2`,
    );
    expect(entries).toEqual([{ state: 'approved', revision: 1, entries: rows, cents: rows * 125 }]);
  }, 180_000);

  it('asks for the currency of a cap on payout, and holds a payout without a known rate', async () => {
    expect((await api('POST', '/networks', { key: 'no-currency', name: 'x' })).status).toBe(201);
    const offer = { key: 'capped', networkKey: 'no-currency', url: 'https://shop.example.com/?c={click_id}' };
    const cap = { per: 'total', payout: '10' };
    const refused = await api('POST', '/offers', { ...offer, cap });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'cap.currency', code: 'missing' }] } });
    const own = await networkOf('capped-network');
    const changed = await api(
      'PUT',
      '/offers/capped-network',
      offerOf('capped-network', { cap: { ...cap, currency: 'CHF' } } as object),
    );
    expect(changed.status).toBe(200);
    const click = clickOf(Date.now() - 3_600_000, own);
    await putClicks([click]);
    await waitFor(async () => {
      await call(own.token, `clickid=${click.clickId}&transaction_id=CAP-${Date.now()}&amount=1&currency=SEK`);
      return (await conversionsOf('capped-network')).some(({ marks }) => marks.includes('rate_unknown'));
    });
    const day = new Date().toISOString().slice(0, 10);
    await api('POST', '/rates', { rates: ['SEK', 'CHF'].map((currency) => ({ day, currency, perEuro: '1' })) });
    const waits = async () => (await conversionsOf('capped-network')).some(({ marks }) => marks.length > 0);
    await waitFor(async () => !(await waits()), 30_000, 'the known rate to let it in');
  }, 60_000);

  it('reports by the values of tokens, each line with exactly the conversions behind it, and takes no bill that states one of them twice', async () => {
    await api('POST', '/sources', { key: 'zoned', name: 'Zoned', tokens: { zone: 'z', creative: 'cr' } });
    const own = await networkOf('tokens');
    const campaign = {
      key: 'zoned',
      sourceKey: 'zoned',
      offers: [{ offerKey: 'tokens' }],
      reportTokens: ['zone', 'creative'],
    };
    expect((await api('POST', '/campaigns', campaign)).status).toBe(201);
    const click = (query: string) =>
      waitFor(async () => {
        const answer = await fetch(`${ingest.url}/c/zoned?${query}`, { redirect: 'manual' });
        return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('c');
      });
    for (const [index, query] of ['z=7&cr=a', 'z=7&cr=b', 'z=8&cr=a', ''].entries())
      await call(own.token, `clickid=${await click(query)}&transaction_id=TOK-${index}&amount=${10 ** index}`);
    await waitFor(async () => (await conversionsOf('tokens')).length === 4);
    type Line = {
      key: (string | null)[];
      money: { approved: string };
      conversionsAt: Record<string, string>;
      clicks: number;
    };
    const report = async (query: string) =>
      (await api<{ items: Line[] }>('GET', `/reports?currency=USD&${query}`)).body.items;
    const shown = async (query: string) =>
      (await report(query)).map(({ key, clicks, money }) => [...key, clicks, money.approved]);
    expect(await shown('groupBy=token.zone&campaignKey=zoned')).toEqual([
      ['7', 2, '11'],
      ['8', 1, '100'],
      [null, 1, '1000'],
    ]);
    expect(await shown('groupBy=token.zone,token.creative&campaignKey=zoned&token=creative:a')).toEqual([
      ['7', 'a', 1, '1'],
      ['8', 'a', 1, '100'],
    ]);
    const asOf = new Date(Date.now() + 60_000).toISOString();
    expect(await shown(`groupBy=token.zone&campaignKey=zoned&asOf=${asOf}`)).toEqual(
      await shown('groupBy=token.zone&campaignKey=zoned'),
    );
    const [seven] = await report('groupBy=token.zone&campaignKey=zoned');
    const behind = await api<{ items: Conversion[] }>(
      'GET',
      `/conversions?${new URLSearchParams(seven?.conversionsAt).toString()}`,
    );
    expect(behind.body.items.map(({ transactionId }) => transactionId).sort()).toEqual(['TOK-0', 'TOK-1']);
    const day = new Date().toISOString().slice(0, 10);
    const bill = await fetch(`${services[0]?.url}/api/v1/costs/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
      body: `day,campaign,amount,currency,token.zone\n${day},zoned,1,USD,7\n${day},zoned,2,USD,\n${day},zoned,3,USD,7\n`,
    });
    expect(await bill.json()).toMatchObject({ dryRun: true, problems: [{ row: 4, code: 'row_repeated' }] });
  }, 60_000);

  it('answers a query for a time before the horizon with the moment from which the ledger is complete', async () => {
    await owner(
      "insert into ledger_horizons (horizon, entries_before, entries_after) values ('2021-01-01T00:00Z', 0, 0)",
    );
    const [one] = (await api<{ items: { id: string }[] }>('GET', '/conversions?limit=1')).body.items;
    for (const path of ['/reports', '/conversions', `/conversions/${one?.id}`]) {
      const { status, body } = await api('GET', `${path}?asOf=2020-12-31T23:59:59Z`);
      expect([status, body['code'], body['detail']]).toEqual([
        422,
        'as_of_before_horizon',
        expect.stringContaining('2021-01-01'),
      ]);
      expect((await api('GET', `${path}?asOf=2021-01-01T00:00:00Z`)).status).toBe(200);
    }
    const env = { ...process.env, DATABASE_URL: ground.env['DATABASE_URL'] };
    const verified = spawnSync(process.execPath, ['dist/ops/ledger-verify.js'], { env, encoding: 'utf8' });
    expect(verified.stdout).toMatch(
      /before 2021-01-01T00:00:00.000Z is carried over[^\n]*\n\d+ conversions verified, 0 differences, 0 loose ends\n$/,
    );
  });
});
