import { randomBytes } from 'node:crypto';
import { topics, type ClickRecordedV1 } from '#contracts';
import { connectionOf, connectProducer, kafkaMetrics } from '#kafka';
import { createLog, createMetrics, kafkaSettings, readConfig } from '#runtime';
import { z } from 'zod';
import type { Running } from '../stack/system/local.js';
import { callConsole } from './sample-catalog.js';
import { waitFor } from '../stack/servers/wait-for.js';

type Postback = { id: string; state: string; refusal: string | null; conversionId: string | null };
export type Conversion = {
  id: string;
  clickId: string;
  externalId: string | null;
  transactionId: string | null;
  state: string;
  currency: string | null;
  money: Record<'pending' | 'approved' | 'rejected' | 'reversed', string> | null;
};
type Delivery = { id: string; state: string; cause: string; attempts: unknown[] };
type History = Conversion & { postbacks: Postback[]; entries: unknown[]; deliveries: Delivery[] };
type Received = { target: string; clickId: string };

/** What a visitor, a network, an ad network and a media buyer do, each over HTTP. */
export const actors = (running: Running) => {
  const clickLink = (externalId: string): string =>
    `${running.publicUrl}/c/sample-campaign?click_id=${encodeURIComponent(externalId)}&zone=z7`;

  /** Follows the click link; answers our click id out of the offer's URL. HEAD does not count as a
   * click. */
  const click = async (externalId: string, method: 'GET' | 'HEAD' = 'GET'): Promise<string> => {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(clickLink(externalId), { method, redirect: 'manual', signal });
    const clickId = new URL(answer.headers.get('location') ?? 'none:').searchParams.get('subid');
    if (answer.status !== 302 || clickId === null) throw new Error(`the click was answered ${answer.status}`);
    return clickId;
  };
  const read = async <Answer>(path: string): Promise<Answer> => (await callConsole<Answer>(running, 'GET', path)).body;
  /** Reports a conversion; answers the postback's id once it is accepted.
   * @param to the plain address, or the network's own one, whose calls are proven to be its own */
  const report = async (query: Record<string, string>, to: 'plain' | 'own' = 'plain'): Promise<string> => {
    const own = to === 'own' ? (await read<{ token: string }>('/networks/sample-network')).token : null;
    const url = `${running.publicUrl}/postback${own === null ? '' : `/${own}`}?${new URLSearchParams(query)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const body = await answer.text();
    const id = answer.headers.get('carom-postback-id');
    if (!answer.ok || id === null) throw new Error(`the postback was answered ${answer.status}: ${body}`);
    return id;
  };
  /** What became of a postback, once something has. */
  const outcome = (postbackId: string, state: string): Promise<Postback> =>
    waitFor(
      async () => {
        const { items } = await read<{ items: Postback[] }>(`/postbacks?id=${postbackId}`);
        if (items[0] && items[0].state !== state && items[0].state !== 'orphan')
          throw new Error(`it is ${items[0].state} ${items[0].refusal ?? ''}`);
        return items[0]?.state === state ? items[0] : null;
      },
      30_000,
      `postback ${postbackId} becomes ${state}`,
    );
  const history = (conversionId: string): Promise<History> => read<History>(`/conversions/${conversionId}`);
  const received = async (starts: string): Promise<Received[]> => {
    const answer = await fetch(`${running.receiverUrl}/received?starts=${encodeURIComponent(starts)}`);
    return (await answer.json()) as Received[];
  };
  return { click, report, read, outcome, history, received };
};

/** A click as ingest records it, sent late: as one that a spool had held back while its postback
 * was already here. */
const arriveLate = async (running: Running, clickId: string, externalId: string): Promise<void> => {
  const settings = readConfig(z.object(kafkaSettings), {
    ...process.env,
    KAFKA_BROKERS: running.kafkaBrokers,
    CAROM_TOPIC_PREFIX: running.topicPrefix,
  });
  const connection = connectionOf(settings, 'carom-demo', createLog('demo', 'silent'));
  const producer = await connectProducer({ ...connection, metrics: kafkaMetrics(createMetrics('demo')) });
  const click: ClickRecordedV1 = {
    clickId,
    clickedAtMs: Date.now(),
    campaignKey: 'sample-campaign',
    sourceKey: 'sample-source',
    offerKey: 'sample-offer',
    networkKey: 'sample-network',
    externalId,
    externalIdRaw: externalId,
    tokens: { zone: 'z7' },
    cost: null,
    visitor: { ip: null, userAgent: null, referer: null, language: null },
    channel: 'redirect',
    unique: true,
    flags: [],
  };
  const { name, type } = topics.clicks;
  await producer.produce([{ topic: name, key: clickId, value: JSON.stringify(click), headers: { id: clickId, type } }]);
  await producer.close();
};

const check = (holds: boolean, otherwise: () => string): void => {
  if (!holds) throw new Error(otherwise());
};

/** The story that `npm run demo` plays, one ✓ per step. Every run has click and transaction ids of
 * its own, so that it can be played again on the same data. Throws at the first step that does not
 * hold. */
export const playStory = async (running: Running, tick: (step: string) => void): Promise<void> => {
  const run = `demo-${randomBytes(4).toString('hex')}`;
  const { click, received } = actors(running);
  const stage: Stage = { ...actors(running), ...expectations(running), running, run, tick };
  const [one, two, three] = [`${run}-1`, `${run}-2`, `${run}-3`];

  const [clickOne, clickTwo, clickThree] = [await click(one), await click(two), await click(three)];
  check(new Set([clickOne, clickTwo, clickThree]).size === 3, () => 'two clicks have the same id');
  tick(`3 clicks: each redirect carries a click id of ours, such as ${clickOne}`);

  const repeatSale = await playSale(stage, one, clickOne);
  await playBareSale(stage, two, clickTwo);
  await playFollowUp(stage, three, clickThree);
  await repeatSale();
  await playOrphan(stage, `${run}-late`);

  for (const externalId of [one, two, three])
    check((await received(externalId)).length === 1, () => `${externalId} was sent twice`);
  tick('at the end the ad network has each conversion exactly once');
};

type Stage = ReturnType<typeof actors> &
  ReturnType<typeof expectations> & { running: Running; run: string; tick: (step: string) => void };

/** What must be true after a step; each throws when it is not. */
const expectations = (running: Running) => {
  const { outcome, history, received } = actors(running);
  /** The conversion of a postback, with the money that it must have, and nothing in any other
   * bucket. */
  const expectConversion = async (
    postbackId: string,
    state: 'pending' | 'approved',
    amount: string,
  ): Promise<History> => {
    const { conversionId } = await outcome(postbackId, 'applied');
    const conversion = await history(conversionId ?? 'none');
    const money = Object.entries(conversion.money ?? {}).filter(([, value]) => value !== '0');
    check(
      conversion.state === state && JSON.stringify(money) === JSON.stringify([[state, amount]]),
      () => `expected ${amount} ${state}, found ${conversion.state} ${JSON.stringify(conversion.money)}`,
    );
    return conversion;
  };
  const expectReceived = async (externalId: string, value: string): Promise<void> => {
    const calls = await waitFor(
      async () => {
        const found = await received(externalId);
        return found.length > 0 ? found : null;
      },
      30_000,
      `the ad network receives ${externalId}`,
    );
    const expected = `/conversion?click_id=${externalId}&conversion_value=${value}`;
    check(
      calls.length === 1 && calls[0]?.target === expected,
      () => `expected ${expected}, got ${JSON.stringify(calls)}`,
    );
  };
  return { expectConversion, expectReceived };
};

/** @returns plays the repeat of the same postback. */
const playSale = async (stage: Stage, externalId: string, clickid: string): Promise<() => Promise<void>> => {
  const { report, outcome, history, expectConversion, expectReceived, run, tick } = stage;
  const sale = { clickid, transaction_id: `${run}-A`, amount: '12.50', status: 'approved' };
  const conversion = await expectConversion(await report(sale), 'approved', '12.5');
  tick('a postback with our click id beside the transaction id: 12.50 approved, in the ledger');
  await expectReceived(externalId, '12.5');
  tick(
    `the ad network received it once, with its own click id: /conversion?click_id=${externalId}&conversion_value=12.5`,
  );

  return async () => {
    await outcome(await report(sale), 'duplicate');
    const again = await history(conversion.id);
    check(
      again.entries.length === conversion.entries.length && again.deliveries.length === 1,
      () => `the repeated postback changed something: ${JSON.stringify(again)}`,
    );
    tick('the first postback repeated: in the log as a duplicate, not one entry and not one delivery more');
  };
};

const playBareSale = async (stage: Stage, externalId: string, clickId: string): Promise<void> => {
  const { report, expectConversion, expectReceived, tick } = stage;
  const postbackId = await report({ transaction_id: clickId, amount: '7.25', status: 'approved' });
  await expectConversion(postbackId, 'approved', '7.25');
  await expectReceived(externalId, '7.25');
  tick('a bare postback that echoes our click id as transaction_id: 7.25 approved, sent to the ad network once');
};

const playFollowUp = async (stage: Stage, externalId: string, clickid: string): Promise<void> => {
  const { report, received, expectConversion, expectReceived, run, tick } = stage;
  const pending = { transaction_id: `${run}-C`, amount: '30', status: 'pending' };
  await expectConversion(await report({ clickid, ...pending }), 'pending', '30');
  check((await received(externalId)).length === 0, () => 'a pending conversion was sent to the ad network');
  tick('a pending conversion: 30 pending, not sent to the ad network');
  await expectConversion(await report({ ...pending, status: 'approved' }, 'own'), 'approved', '30');
  await expectReceived(externalId, '30');
  tick('a follow-up with the transaction id alone, on the Postback URL with its token: approved, sent once');
};

const playOrphan = async (stage: Stage, externalId: string): Promise<void> => {
  const { click, report, outcome, expectConversion, expectReceived, running, run, tick } = stage;
  const unknown = await click(externalId, 'HEAD');
  const early = await report({ clickid: unknown, transaction_id: `${run}-D`, amount: '5', status: 'approved' });
  await outcome(early, 'orphan');
  tick('a postback whose click is not here yet: it waits as an orphan');
  await arriveLate(running, unknown, externalId);
  await expectConversion(early, 'approved', '5');
  await expectReceived(externalId, '5');
  tick('its click arrived: the orphan was applied, 5 approved, sent to the ad network once');
};
