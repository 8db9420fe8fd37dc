import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noRates } from '../money/rates.js';
import type { LeasedDelivery, NewDelivery, OpenDelivery } from './delivery-record.js';
import { compileDestination, type DestinationRules } from './destination.js';
import { HeldDeliveries, type Effect } from './held-deliveries.js';
import { isCurrent, transition, type Calling, type Ending, type Leaving, type Queued } from './held-delivery.js';
import { placementOf, planDeliveries, rowOf, type Owed } from './plan-deliveries.js';

const rules: DestinationRules = {
  ...{ url: 'https://ads.example/?c={click_id}', method: 'GET', headers: {}, body: null },
  successWhen: { statuses: ['2xx'], bodyMatches: null, bodyMustNotMatch: null },
  retryWhen: { statuses: [], bodyMatches: null },
  when: { statuses: ['pending', 'approved'], events: [], minAmount: null, marks: [] },
  ...{ frequency: 'change', valueScale: '1', valueCurrency: null, sharePercent: 100, signing: null, secrets: {} },
  ...{ maxAgeDays: 30, onReversal: null, onRestatement: null },
};
const destination = compileDestination('source:ads', rules);

/** A change of a conversion. `follows`: it restates what an earlier delivery says. */
type Change = { conversion: string; revision: number; follows: boolean };

const owedBy = ({ conversion, revision, follows }: Change): Owed => {
  const keys = { conversionId: conversion, destinationKey: 'source:ads', once: `revision:${revision}` };
  const state = revision === 1 ? 'pending' : 'approved';
  const delivery = { ...keys, id: `${conversion}/${revision}`, cause: state, revision, follows } as const;
  const facts = { conversionId: conversion, revision, state, previousState: null, value: '1' } as Owed['facts'];
  return { kind: 'owed', delivery, facts, unsendable: null, destination };
};

const leasedOf = (revision: number): LeasedDelivery => {
  const { delivery, facts } = owedBy({ conversion: 'a', revision, follows: false });
  return { ...delivery, facts, attempts: 0, createdAtMs: 0, maybeSent: false, lastReceived: null, forced: false };
};

type Row = Omit<NewDelivery, 'state'> & { state: string; owner: string | null; attempts: number; maybeSent: boolean };
type Process = {
  owner: string;
  status: 'running' | 'frozen';
  held: HeldDeliveries;
  ready: Queued[];
  calls: Calling[];
  leaving: Leaving[];
};

/** Two dispatch processes, Postgres, the topic and the ad network, reduced to what order and loss
 *  depend on. It drives the state machine as the send window does, and checks P6 at every call and
 *  every mark. */
class World {
  private rows = new Map<string, Row>();
  private flushed = new Map<string, Row>();
  private readonly topic: Change[] = [];
  private committed = 0;
  private crashed = false;
  private owners = 0;
  readonly processes: Process[] = [this.boot(), this.boot()];
  /** Every call in the order in which it began, and those that the ad network accepted. */
  private readonly begun: Calling[] = [];
  private readonly accepted = new Set<Calling>();
  private readonly everCalled = new Set<string>();
  private readonly newestCalled = new Map<string, number>();
  /** Of these not even their process can know whether they were sent. */
  private readonly doubtful = new Set<string>();
  private readonly outlived = new Set<Calling>();

  private boot(): Process {
    const owner = `process ${(this.owners += 1)}`;
    return { owner, status: 'running', held: new HeldDeliveries(), ready: [], calls: [], leaving: [] };
  }

  private open(conversion: string): Row[] {
    const all = [...this.rows.values()].filter(({ conversionId }) => conversionId === conversion);
    return all.filter(({ state }) => state === 'waiting' || state === 'sending');
  }

  publish(at: number, conversion: string, follows: boolean, answer: 'comes' | 'is lost', room: number): void {
    const revision = 1 + this.topic.filter((each) => each.conversion === conversion).length;
    const change = { conversion, revision, follows: follows && revision > 1 };
    this.topic.push(change);
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') this.handle(this.processes[1 - at] as Process, [change], answer, room);
    else this.handle(process, [change], answer, room);
  }

  private handle(process: Process, changes: readonly Change[], answer: 'comes' | 'is lost', room: number): void {
    const { owner } = process;
    const open = [...new Set(changes.map(({ conversion }) => conversion))].flatMap((each) => this.open(each));
    const known = open.map((row) => ({ ...row, leaseOwner: row.owner, isLocked: true }) as OpenDelivery);
    const isInMemory = (id: string) => process.held.has(id);
    const context = { owner, isInMemory, roomFor: () => room, rates: noRates };
    const plan = planDeliveries(changes.map(owedBy), { open: known, lastReceived: new Map() }, context);
    for (const { conversionId, once } of plan.superseded)
      for (const row of this.open(conversionId))
        if (row.once === once && row.attempts === 0 && !row.maybeSent) row.state = 'superseded';
    for (const planned of plan.planned) {
      const row = rowOf(planned);
      if (this.rows.has(row.id)) continue;
      const overtaken = [...this.rows.values()].some(
        (each) => each.conversionId === row.conversionId && each.revision > row.revision,
      );
      const state = overtaken ? 'superseded' : row.state;
      this.rows.set(row.id, { ...row, state: state as 'sending', owner, attempts: 0, maybeSent: false });
      if (state !== 'sending') continue;
      if (answer === 'is lost') this.doubtful.add(row.id);
      else this.apply(process, process.held.add(this.leased(row.id), placementOf(planned.outcome)));
    }
  }

  private leased(id: string): LeasedDelivery {
    const row = this.rows.get(id) as Row;
    return { ...row, createdAtMs: 0, lastReceived: null, forced: false };
  }

  claim(at: number): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    for (const row of this.rows.values()) {
      if (row.state !== 'waiting') continue;
      const open = this.open(row.conversionId);
      if (
        open.some(({ revision, state }) => revision < row.revision || (revision > row.revision && state === 'sending'))
      )
        continue;
      const later = [...this.rows.values()].filter(
        (each) => each.revision > row.revision && each.state === 'delivered',
      );
      if (later.some(({ conversionId }) => conversionId === row.conversionId)) {
        row.state = 'superseded';
        continue;
      }
      Object.assign(row, { state: 'sending', owner: process.owner });
      this.apply(process, process.held.add(this.leased(row.id), 'first'));
    }
  }

  start(at: number): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    const next = process.ready.find(isCurrent);
    process.ready = process.ready.filter((queued) => isCurrent(queued) && queued !== next);
    if (next) this.call(process, next);
  }

  /** P6: no later state before or beside an earlier one. */
  private call(process: Process, queued: Queued): void {
    const { conversionId, revision, id } = queued.delivery;
    const inFlight = this.processes.flatMap(({ calls }) => calls).filter((each) => !this.outlived.has(each));
    const beside = inFlight.filter(({ delivery }) => delivery.conversionId === conversionId);
    expect({ sends: id, while: beside.map(({ delivery }) => delivery.id) }).toEqual({ sends: id, while: [] });
    const newest = this.newestCalled.get(conversionId) ?? 0;
    expect({ sends: id, isAfter: newest <= revision }).toEqual({ sends: id, isAfter: true });
    this.newestCalled.set(conversionId, revision);
    this.everCalled.add(id);
    const calling = process.held.start(queued);
    process.calls.push(calling);
    this.begun.push(calling);
  }

  finish(at: number, which: number, ending: Ending): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    const [calling] = process.calls.splice(which % Math.max(1, process.calls.length), 1);
    if (!calling) return;
    if (ending.state === 'delivered') this.accepted.add(calling);
    process.leaving.push(process.held.finish(calling, ending));
  }

  record(at: number, count: number): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    for (const leaving of process.leaving.splice(0, count)) {
      const { delivery, ending } = leaving;
      // P6: an ending that counts a call has one.
      if (ending.called)
        expect({ called: delivery.id, was: this.everCalled.has(delivery.id) }).toMatchObject({ was: true });
      const row = this.rows.get(delivery.id);
      if (row?.state === 'sending' && row.owner === process.owner)
        Object.assign(row, { state: ending.state, attempts: row.attempts + (ending.called ? 1 : 0) });
      this.apply(process, process.held.recorded(leaving));
    }
  }

  private apply(process: Process, effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.kind === 'queued') process.ready.push(effect);
      else process.leaving.push(effect);
  }

  freeze(at: number): void {
    (this.processes[at] as Process).status = 'frozen';
  }

  /** The lease of a frozen process runs out, and another process frees what it held. */
  private takeOver({ owner, calls }: Process): void {
    for (const calling of calls) this.outlived.add(calling);
    for (const row of this.rows.values())
      if (row.state === 'sending' && row.owner === owner) Object.assign(row, { state: 'waiting', maybeSent: true });
    this.flush();
  }

  /** A commit that waits for the disk takes all earlier ones with it. */
  private flush(): void {
    this.flushed = copyOf(this.rows);
  }

  thaw(at: number, leaseRanOut: boolean): void {
    const process = this.processes[at] as Process;
    if (process.status === 'running') return;
    process.status = 'running';
    if (!leaseRanOut) return;
    this.takeOver(process);
    this.apply(process, process.held.returnUnstarted());
  }

  kill(at: number): void {
    this.takeOver(this.processes[at] as Process);
    this.processes[at] = this.boot();
  }

  /** A clean stop. @param unfinished calls do not end within the grace period. */
  stop(at: number, unfinished: number, ending: Ending): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    this.apply(process, process.held.stop());
    while (process.calls.length > unfinished) this.finish(at, 0, ending);
    while (process.leaving.length > 0) this.record(at, 1);
    for (const row of this.rows.values()) {
      if (row.state !== 'sending' || row.owner !== process.owner) continue;
      Object.assign(row, { state: 'waiting', maybeSent: true });
      this.checkMark(row);
    }
    for (const calling of process.calls) this.outlived.add(calling);
    this.processes[at] = this.boot();
    this.flush();
  }

  findStrays(at: number): void {
    const { owner, held, status } = this.processes[at] as Process;
    if (status === 'frozen') return;
    for (const row of this.rows.values()) {
      if (row.state !== 'sending' || row.owner !== owner || held.has(row.id)) continue;
      Object.assign(row, { state: 'waiting', maybeSent: true });
      this.checkMark(row);
    }
  }

  /** P6: what was never sent is not marked as maybe sent, unless its process could not know. */
  private checkMark({ id }: Row): void {
    const known = this.everCalled.has(id) || this.doubtful.has(id);
    expect({ maybeSent: id, wasCalled: known }).toEqual({ maybeSent: id, wasCalled: true });
  }

  /** Postgres crashes, and each process notices at its next renewal. Calls in flight cannot be
   *  recalled. */
  crash(): void {
    this.crashed = true;
    this.rows = copyOf(this.flushed);
    for (const row of this.rows.values()) this.doubtful.add(row.id);
    this.newestCalled.clear();
    for (const process of this.processes) {
      for (const calling of process.calls) this.outlived.add(calling);
      this.apply(process, process.held.returnUnstarted());
    }
  }

  /** The offset is committed once everything is on disk; after a crash the batch comes again. */
  commit(at: number): void {
    const process = this.processes[at] as Process;
    if (process.status === 'frozen') return;
    if (this.crashed) {
      this.crashed = false;
      this.handle(process, this.topic.slice(this.committed), 'comes', 9);
    }
    this.flush();
    this.committed = this.topic.length;
  }

  /** Everything runs to its end: nothing is lost, and the ad network knows the newest state last.
   */
  settle(): void {
    for (const at of [0, 1]) this.thaw(at, false);
    this.commit(0);
    const delivered: Ending = { state: 'delivered', reason: null, called: true };
    const isOpen = () => [...this.rows.values()].some(({ state }) => state === 'waiting' || state === 'sending');
    const isBusy = () => this.processes.some(({ held }) => held.size > 0);
    for (let round = 0; round < 200 && (isOpen() || isBusy()); round += 1)
      for (const at of [0, 1]) {
        this.start(at);
        this.finish(at, 0, delivered);
        while ((this.processes[at] as Process).leaving.length > 0) this.record(at, 9);
        this.findStrays(at);
        this.claim(at);
      }
    expect(
      [...this.rows.values()].filter(({ state }) => !['delivered', 'superseded', 'parked'].includes(state)),
    ).toEqual([]);
    expect(this.processes.map(({ held }) => held.size)).toEqual([0, 0]);
    const newest = new Map(this.topic.map(({ conversion, revision }) => [conversion, revision]));
    for (const [conversion, revision] of newest) {
      const { state } = this.rows.get(`${conversion}/${revision}`) as Row;
      expect(['delivered', 'parked']).toContain(state);
      const calls = this.begun.filter((each) => this.accepted.has(each) && each.delivery.conversionId === conversion);
      const last = calls.at(-1)?.delivery.revision;
      if (state === 'delivered') expect({ conversion, last }).toEqual({ conversion, last: revision });
    }
  }
}

const copyOf = (rows: ReadonlyMap<string, Row>): Map<string, Row> =>
  new Map([...rows].map(([id, row]) => [id, { ...row }]));

type Model = Record<string, never>;
const command = (text: string, run: (world: World) => void): fc.Command<Model, World> => ({
  check: () => true,
  run: (_model, world) => run(world),
  toString: () => text,
});

const at = fc.constantFrom(0, 1);
const ending: fc.Arbitrary<Ending> = fc.constantFrom<Ending>(
  { state: 'delivered', reason: null, called: true },
  { state: 'waiting', reason: 'status_503', called: true },
  { state: 'parked', reason: 'status_404', called: true },
  { state: 'parked', reason: 'too_old', called: false },
  // Its lease ran out before the first byte.
  { state: 'waiting', reason: null, called: false },
);
const conversion = fc.constantFrom('a', 'b');
const answer = fc.constantFrom<('comes' | 'is lost')[]>('comes', 'comes', 'comes', 'is lost');
const room = fc.constantFrom(9, 9, 9, 0);

const publish = fc
  .tuple(at, conversion, fc.boolean(), answer, room)
  .map(([p, c, f, a, r]) =>
    command(`publish(${p}, '${c}', ${f}, '${a}', ${r})`, (world) => world.publish(p, c, f, a, r)),
  );
const start = at.map((p) => command(`start(${p})`, (world) => world.start(p)));
const finish = fc
  .tuple(at, fc.nat(3), ending)
  .map(([p, n, e]) => command(`finish(${p}, ${n}, ${e.state})`, (world) => world.finish(p, n, e)));
const record = fc
  .tuple(at, fc.constantFrom(1, 9))
  .map(([p, n]) => command(`record(${p}, ${n})`, (world) => world.record(p, n)));
const claim = at.map((p) => command(`claim(${p})`, (world) => world.claim(p)));
const mishaps = [
  at.map((p) => command(`freeze(${p})`, (world) => world.freeze(p))),
  fc.tuple(at, fc.boolean()).map(([p, late]) => command(`thaw(${p}, ${late})`, (world) => world.thaw(p, late))),
  at.map((p) => command(`kill(${p})`, (world) => world.kill(p))),
  fc
    .tuple(at, fc.nat(1), ending)
    .map(([p, n, e]) => command(`stop(${p}, ${n}, ${e.state})`, (world) => world.stop(p, n, e))),
  at.map((p) => command(`findStrays(${p})`, (world) => world.findStrays(p))),
  fc.constant(command('crash()', (world) => world.crash())),
  at.map((p) => command(`commit(${p})`, (world) => world.commit(p))),
];

describe('deliveries in the memory of dispatch', () => {
  it('can make only the transitions that their state has: what is not listed does not compile', () => {
    const held = new HeldDeliveries();
    const [queued] = held.add(leasedOf(1), 'first') as [Queued];
    held.add(leasedOf(2), 'after_earlier');
    const calling = held.start(queued);
    // @ts-expect-error a call in flight cannot be replaced by a newer state without its outcome
    const replace = () => transition({ from: calling, to: 'leaving', ending: null });
    // @ts-expect-error a call in flight cannot start again
    const startAgain = () => transition({ from: calling, to: 'calling' });
    // @ts-expect-error what was never sent cannot end as delivered
    const deliver = () => transition({ from: queued, to: 'leaving', ending: { state: 'delivered', called: true } });
    expect([replace, startAgain, deliver]).toHaveLength(3);
    expect(() => held.start(queued)).toThrow('no longer queued');
  });

  it('let a later state go only when the earlier one is recorded, and say what the ad network received', () => {
    const held = new HeldDeliveries();
    const [first] = held.add(leasedOf(1), 'first') as [Queued];
    expect(held.add(leasedOf(2), 'replacing_earlier')).toMatchObject([
      { kind: 'leaving', ending: { state: 'superseded', called: false } },
    ]);
    expect(isCurrent(first)).toBe(false);
    const other = new HeldDeliveries();
    const [queued] = other.add(leasedOf(1), 'first') as [Queued];
    const calling = other.start(queued);
    expect(other.add(leasedOf(2), 'replacing_earlier')).toEqual([]);
    const leaving = other.finish(calling, { state: 'delivered', reason: null, called: true });
    expect(other.recorded(leaving)).toMatchObject([
      { kind: 'queued', delivery: { revision: 2, lastReceived: 'pending' } },
    ]);
  });

  it('go back behind one that is to be retried, in order', () => {
    const held = new HeldDeliveries();
    const [queued] = held.add(leasedOf(1), 'first') as [Queued];
    const calling = held.start(queued);
    held.add(leasedOf(2), 'after_earlier');
    held.add(leasedOf(3), 'after_earlier');
    const retry = held.finish(calling, { state: 'waiting', reason: 'status_503', called: true });
    const endings = held.recorded(retry).map((effect) => [effect.delivery.revision, effect.kind]);
    expect(endings).toEqual([
      [2, 'leaving'],
      [3, 'leaving'],
    ]);
  });

  it('do not send an earlier state after a later one when a crash of Postgres brings back several', () => {
    const held = new HeldDeliveries();
    const [newest] = held.add(leasedOf(3), 'first') as [Queued];
    held.start(newest);
    const endings = [
      held.add(leasedOf(1), 'first'),
      held.add(leasedOf(2), 'after_earlier'),
      held.add(leasedOf(3), 'after_earlier'),
    ];
    const replaced = (revision: number) => ({
      kind: 'leaving',
      delivery: { revision },
      ending: { state: 'superseded' },
    });
    expect(endings).toMatchObject([[replaced(1)], [replaced(2)], []]);
  });

  it('arrive in order, all of them, through freezes, kills, stops, lost answers and crashes of Postgres', () => {
    const steps = fc.commands([publish, publish, start, start, finish, finish, record, record, claim, ...mishaps], {
      maxCommands: 80,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (commands) => {
        const world = new World();
        fc.modelRun(() => ({ model: {}, real: world }), commands);
        world.settle();
      }),
      { numRuns: 2_000 },
    );
  });
});
