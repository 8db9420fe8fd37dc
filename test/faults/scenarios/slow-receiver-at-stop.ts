import type pg from 'pg';
import { conversionChange, openDispatchGround, type DispatchGround } from '../../support/dispatch-ground.js';
import { waitFor } from '../../support/wait-for.js';
import { accountDeliveries, count } from '../accounts.js';
import { closingAfter, held, round, type Result, type Scenario } from '../scenario.js';
import { countBy, startTally, type Tally } from '../tally.js';

/** Calls under way at each ad network when dispatch is stopped, and deliveries that wait behind
 * them. */
const [inFlightEach, waitingEach] = [4, 8];

type Network = { sourceKey: string; delayMs: number; tally: Tally };
type Stage = { ground: DispatchGround; networks: Network[]; close: () => Promise<void> };

const openStage = async (delaysMs: readonly number[]): Promise<Stage> => {
  const networks = await Promise.all(
    delaysMs.map(async (delayMs, index) => ({
      ...{ sourceKey: `ads${index}`, delayMs },
      tally: await startTally({ delayMs }),
    })),
  );
  const ground = await openDispatchGround();
  for (const { sourceKey, tally } of networks)
    await ground.setSource(sourceKey, {
      url: `${tally.url}/c?click_id={click_id}&d={delivery_id}`,
      timeoutMs: 120_000,
      caps: { inFlight: inFlightEach },
    });
  return {
    ground,
    networks,
    close: async () => {
      await ground.close();
      for (const { tally } of networks) await tally.close();
    },
  };
};

const publish = ({ ground, networks }: Stage): Promise<void> =>
  ground.publish(
    networks.flatMap(({ sourceKey }) =>
      Array.from({ length: inFlightEach + waitingEach }, (_, index) =>
        conversionChange(`${sourceKey}-${index}`, { sourceKey }),
      ),
    ),
  );

type Row = { id: string; destination_key: string; state: string; attempts: number; maybe_sent: boolean };
const rowsOf = async (pool: pg.Pool): Promise<Row[]> =>
  (await pool.query<Row>('select id, destination_key, state, attempts, maybe_sent from deliveries')).rows;

/** @param stopMs how long dispatch waits for calls in flight. */
const judge = (stage: Stage, rows: readonly Row[], stopMs: number) => {
  const inTime = (row: Row): boolean =>
    stage.networks.some((each) => `source:${each.sourceKey}` === row.destination_key && each.delayMs < stopMs);
  const arrived = countBy(
    stage.networks.flatMap(({ tally }) => tally.arrivals),
    'd',
  );
  const called = rows.filter(({ id }) => arrived.has(id));
  return {
    called,
    answered: called.filter((row) => inTime(row)),
    cutOff: called.filter((row) => !inTime(row)),
    unsent: rows.filter(({ id }) => !arrived.has(id)),
  };
};

const stopSlowly = async (stage: Stage, stopMs: number, say: (line: string) => void): Promise<Result> => {
  const { ground, networks } = stage;
  const service = await ground.start({ DISPATCH_STOP_MS: String(stopMs) });
  await publish(stage);
  const inFlight = (): number => networks.reduce((sum, { tally }) => sum + tally.inFlight(), 0);
  const expected = networks.length * inFlightEach;
  await waitFor(() => inFlight() === expected, 30_000, `${expected} calls in flight`);
  const atStop = inFlight();
  const begin = performance.now();
  service.server.signal('SIGTERM');
  const exit = await service.server.exited;
  const stopSeconds = round((performance.now() - begin) / 1_000);
  say(`stopped after ${stopSeconds} s: ${exit}`);
  const { called, answered, cutOff, unsent } = judge(stage, await rowsOf(ground.pool), stopMs);
  const recorded = answered.filter(({ state, attempts }) => state === 'delivered' && attempts === 1).length;
  const inDoubt = cutOff.filter(({ state, maybe_sent }) => state === 'waiting' && maybe_sent).length;
  const untouched = unsent.filter(({ state, maybe_sent }) => state === 'waiting' && !maybe_sent).length;
  for (const { tally } of networks) tally.behave({});
  await service.restart();
  const all = networks.length * (inFlightEach + waitingEach);
  const delivered = `select count(*) as n from deliveries where state = 'delivered'`;
  await waitFor(async () => (await count(ground.pool, delivered)) === all, 30_000).catch((thrown: Error) =>
    say(thrown.message),
  );
  const arrived = countBy(
    networks.flatMap(({ tally }) => tally.arrivals),
    'd',
  );
  const account = await accountDeliveries(ground.pool, arrived);
  const cutOffIds = new Set(cutOff.map(({ id }) => id));
  const repeated = [...arrived].filter(([, times]) => times > 1).map(([id]) => id);
  const withoutReason = repeated.filter((id) => !cutOffIds.has(id)).length;
  return {
    numbers: { deliveries: all, stopSeconds, stopMs, cutOff: cutOff.length },
    held: [
      held(
        'dispatch was stopped with calls in flight at every ad network',
        atStop === expected,
        `${atStop} in flight, ${called.length} calls made until it ended`,
      ),
      held(
        'it ended by itself, in time',
        exit === 'exit code 0' && stopSeconds < stopMs / 1_000 + 3,
        `${exit} after ${stopSeconds} s`,
      ),
      held(
        'each call that was answered in time is recorded, at its first attempt',
        recorded === answered.length && recorded > 0,
        `${recorded} of ${answered.length}`,
      ),
      held(
        'each call that was cut off is due again, as maybe sent',
        inDoubt === cutOff.length && inDoubt === inFlightEach,
        `${inDoubt} of ${cutOff.length}`,
      ),
      held(
        'what was not sent waits as never sent',
        untouched === unsent.length && untouched > 0,
        `${untouched} of ${unsent.length}`,
      ),
      held(
        'each is delivered after the start',
        account.states.delivered === all && account.neverArrived === 0,
        account.states,
      ),
      held(
        'an ad network was called twice only where its answer was cut off',
        withoutReason === 0,
        `${repeated.length} twice, ${withoutReason} without a reason`,
      ),
    ],
  };
};

export const slowReceiverAtStop: Scenario = {
  name: 'slow-receiver-at-stop',
  what: 'dispatch is stopped with SIGTERM while ad networks take seconds for an answer, one of them too many',
  breaksServers: false,
  maxSeconds: { short: 120, long: 240 },
  run: async (_servers, { long, say }): Promise<Result> => {
    // The last one outlasts the stop.
    const [delaysMs, stopMs] = long
      ? [[1_000, 3_000, 8_000, 15_000, 60_000], 20_000]
      : [[1_000, 2_000, 4_000, 60_000], 6_000];
    return closingAfter(await openStage(delaysMs), (stage) => stopSlowly(stage, stopMs, say));
  },
};
