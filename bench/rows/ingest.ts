import { topics } from '#contracts';
import { waitFor } from '../../test/support/wait-for.js';
import { ingestStage, type IngestStage } from './ingest-stage.js';
import { expectAll, load } from '../load.js';
import type { LoadOrder } from '../load-child.js';
import { alternately, fromRounds, type BenchContext, type BenchRow, type Measured } from '../row.js';

/** Rows of ingest: calls in, redirects out, each answered only when Kafka has it. */

const timesOf = ({ long }: BenchContext) => ({ seconds: long ? 15 : 3, rounds: long ? 5 : 3 });
const connections = 256;

type Side = {
  /** The same request to ours and to the bare server. */
  order: Omit<LoadOrder, 'url' | 'connections' | 'seconds'>;
  ours: string;
  bare: string;
  topic: string;
  status: number;
  /** Whether each call has an id of its own, so that each is looked for on the topic. */
  hasIds: boolean;
};

/** Ours and bare alternately under full load, then everything that was answered is looked for on
 * the topic. */
const throughput = async (context: BenchContext, stage: IngestStage, side: Side): Promise<Measured> => {
  const { seconds, rounds } = timesOf(context);
  const run = async (url: string, forSeconds = seconds) =>
    expectAll(await load({ ...side.order, url, connections, seconds: forSeconds }), side.status);
  await run(side.ours, 2);
  await run(side.bare, 1);
  const before = await stage.recorded(side.topic);
  let answered = 0;
  let p99Ms = 0;
  const { result, spent } = await context.meter.spend(
    () =>
      alternately(
        rounds,
        async () => {
          const answer = await run(side.ours);
          answered += answer.answered;
          p99Ms = Math.max(p99Ms, answer.p99Ms);
          context.say(`ours ${Math.round(answer.perSecond)}/s, p99 ${answer.p99Ms} ms`);
          return answer.perSecond;
        },
        async () => {
          const answer = await run(side.bare);
          context.say(`bare ${Math.round(answer.perSecond)}/s, p99 ${answer.p99Ms} ms`);
          return answer.perSecond;
        },
      ),
    () => answered,
  );
  const recorded = await waitFor(async () => {
    const now = (await stage.recorded(side.topic)) - before;
    return now >= answered ? now : null;
  }, 30_000);
  const all = before + recorded;
  const ids = side.hasIds ? await stage.idsOn(side.topic, all) : null;
  if (ids !== null && ids < all - 1) throw new Error(`${ids} different ids in ${all} records`);
  const verified = `${answered} answered, ${recorded} records${ids === null ? '' : `, ${ids} ids in ${all} records`}`;
  return { ...fromRounds(result), p99Ms, spent, verified, details: { connections, seconds } };
};

const bareOf = ({ bare, postbackUrl }: IngestStage): string => bare + new URL(postbackUrl).pathname;

/** A call by its fields in the URL, which is how nearly every network sends it. */
const byUrl = (stage: IngestStage): Side => ({
  order: {},
  ours: `${stage.postbackUrl}?${stage.fields}`,
  bare: `${bareOf(stage)}?${stage.fields}`,
  topic: topics.postbacks.name,
  status: 200,
  hasIds: true,
});

export const postbacksIn: BenchRow = {
  name: 'postbacks',
  what: 'postbacks in, acks=all, 256 connections',
  unit: '/s',
  limitIs: 'bare Fastify answering 200',
  atLeast: 0.4,
  aim: 0.5,
  better: 'higher',
  measure: async (context) => {
    const stage = await ingestStage(context);
    return throughput(context, stage, byUrl(stage));
  },
};

/** The other forms of a call; a bare server that reads nothing is a hard limit for them. */
const inBody = (name: string, what: string, type: string, bodyOf: (fields: string) => string): BenchRow => ({
  name,
  what,
  unit: '/s',
  limitIs: 'bare Fastify answering 200',
  atLeast: 0.3,
  aim: 0.45,
  better: 'higher',
  longOnly: true,
  measure: async (context) => {
    const stage = await ingestStage(context);
    const order = { method: 'POST' as const, headers: { 'content-type': type }, body: bodyOf(stage.fields) };
    return throughput(context, stage, { ...byUrl(stage), order, ours: stage.postbackUrl, bare: bareOf(stage) });
  },
});

export const postbacksAsForm = inBody(
  'postbacks-form',
  'postbacks by POST, as a form',
  'application/x-www-form-urlencoded',
  (fields) => fields,
);
export const postbacksAsJson = inBody('postbacks-json', 'postbacks by POST, as JSON', 'application/json', (fields) =>
  JSON.stringify(Object.fromEntries(fields.split('&').map((field) => field.split('=')))),
);

export const postbackLatency: BenchRow = {
  name: 'postback-latency',
  what: 'p99 of a postback at half that load',
  unit: 'ms',
  limitIs: null,
  atLeast: 20,
  aim: 10,
  better: 'lower',
  measure: async (context) => {
    const stage = await ingestStage(context);
    const url = `${stage.postbackUrl}?${stage.fields}`;
    const { seconds, rounds } = timesOf(context);
    const full = expectAll(await load({ url, connections, seconds }), 200);
    const perSecond = Math.round(full.perSecond / 2);
    context.say(`full load ${Math.round(full.perSecond)}/s, now ${perSecond}/s`);
    const halves = [];
    for (let round = 0; round < rounds; round += 1) {
      const half = expectAll(await load({ url, connections: 64, seconds, perSecond }), 200);
      const reached = half.perSecond / perSecond;
      if (reached < 0.95) throw new Error(`only ${Math.round(reached * 100)}% of the planned load was sent`);
      context.say(`p50 ${half.p50Ms.toFixed(1)} ms, p99 ${half.p99Ms.toFixed(1)} ms`);
      halves.push(half);
    }
    const [first] = halves;
    const measured = fromRounds(halves.map(({ p99Ms }) => ({ ours: p99Ms })));
    return { ...measured, p50Ms: first?.p50Ms ?? Number.NaN, p99Ms: measured.ours, details: { perSecond } };
  },
};

const redirects = (stage: IngestStage): Side => ({
  order: {},
  ours: stage.clickUrl,
  bare: stage.bare + stage.clickUrl.slice(new URL(stage.clickUrl).origin.length),
  topic: topics.clicks.name,
  status: 302,
  hasIds: true,
});

export const clickRedirects: BenchRow = {
  name: 'clicks',
  what: 'click redirects, recorded',
  unit: '/s',
  limitIs: 'bare Fastify answering 302',
  atLeast: 0.5,
  aim: 0.65,
  better: 'higher',
  measure: async (context) => {
    const stage = await ingestStage(context);
    return throughput(context, stage, redirects(stage));
  },
};

export const clicksOfVisitors: BenchRow = {
  name: 'clicks-new-connection',
  what: 'click redirects, a new connection for each',
  unit: '/s',
  limitIs: 'bare Fastify answering 302, a new connection for each',
  atLeast: 0.5,
  aim: 0.7,
  better: 'higher',
  longOnly: true,
  measure: async (context) => {
    const stage = await ingestStage(context);
    return throughput(context, stage, { ...redirects(stage), order: { headers: { connection: 'close' } } });
  },
};
