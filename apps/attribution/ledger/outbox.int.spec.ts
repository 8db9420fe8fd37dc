import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { startKafka, type KafkaServer } from '../../../stack/servers/kafka.js';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';
import { readTopicBytes } from '../../../test/support/topic-bytes.js';

/** A broker of its own: it is frozen and killed here. */
const dataDir = mkdtempSync(join(tmpdir(), 'carom-outbox-'));
let broker: KafkaServer;
let ground: AttributionGround;
beforeAll(async () => {
  broker = await startKafka({ dataDir });
  ground = await openAttributionGround({ ATTRIBUTION_ORPHAN_DAYS: '1' }, { kafkaBrokers: broker.brokers });
}, 60_000);
afterAll(async () => {
  try {
    await ground?.close();
  } finally {
    await broker?.stop(2_000);
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
beforeEach(() => {
  ground.published.splice(0);
  ground.beforePublishing(() => Promise.resolve());
});

const dayMs = 86_400_000;
const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await ground.rows<{ n: bigint }>(`select count(*) as n from ${sql}`, values))[0]?.n ?? 0n);

/** Does the work while each commit that touches this conversion fails; so the work may fail too. */
const whileCommitFails = async (transactionId: string, work: () => Promise<unknown>): Promise<void> => {
  await ground.rows(`create or replace function spec_fail() returns trigger language plpgsql as
    $$ begin raise exception 'the spec fails this commit'; end $$`);
  await ground.rows(`create constraint trigger spec_fails after insert or update on conversions deferrable initially deferred
    for each row when (new.transaction_id = '${transactionId}') execute function spec_fail()`);
  await Promise.allSettled([work()]);
  await ground.rows('drop trigger spec_fails on conversions');
};

/** One of each change that no offset brings again. `prepare` leaves it due; `make` makes it;
 * `isMade` is a condition on its conversion. */
type Change = {
  what: string;
  transactionId: string;
  prepare: () => Promise<void>;
  make: () => Promise<unknown>;
  isMade: string;
};

const sell = async (offerKey: string, transactionIds: readonly string[], more = ''): Promise<void> => {
  const sales = transactionIds.map((transactionId) => {
    const click = ground.click({ offerKey });
    const query = `clickid=${click.clickId}&transaction_id=${transactionId}&amount=2${more}`;
    return { click, postback: ground.postback(query) };
  });
  await ground.recordClicks(sales.map(({ click }) => click));
  await ground.attributePostbacks(sales.map(({ postback }) => postback));
};
const cap = (conversions: number) => ({ per: 'total' as const, conversions, timeZone: 'UTC' });

/** @param name keeps the changes of the tests apart. */
const changesOf = (name: string): Change[] => [
  {
    what: 'the end of a hold',
    transactionId: `${name}-hold`,
    prepare: async () => {
      ground.putOffer({ key: `${name}-held`, holdDays: 1 });
      await sell(`${name}-held`, [`${name}-hold`], '&status=pending');
      ground.later(2 * dayMs);
    },
    make: () => ground.endHolds(),
    isMade: `state = 'approved'`,
  },
  {
    what: 'a sale that its cap lets in',
    transactionId: `${name}-cap-2`,
    prepare: async () => {
      ground.putOffer({ key: `${name}-capped`, cap: cap(1) });
      await sell(`${name}-capped`, [`${name}-cap-1`]);
      await sell(`${name}-capped`, [`${name}-cap-2`]);
      ground.putOffer({ key: `${name}-capped`, cap: cap(2) });
    },
    make: () => ground.liftCaps(),
    isMade: `not 'over_cap' = any (marks)`,
  },
  {
    what: 'an orphan that has waited for its click long enough',
    transactionId: `${name}-orphan`,
    prepare: async () => {
      const { clickId } = ground.click();
      await ground.attributePostbacks([ground.postback(`clickid=${clickId}&transaction_id=${name}-orphan&amount=2`)]);
      ground.later(dayMs / 2);
    },
    make: () => ground.sweepOrphans(),
    isMade: `state = 'approved'`,
  },
];
const isMade = async ({ transactionId, isMade: made }: Change): Promise<boolean> =>
  (await count(`conversions where transaction_id = $1 and ${made}`, [transactionId])) === 1;
const publishedOf = ({ transactionId }: Change) =>
  ground.published.filter((change) => change.transactionId === transactionId);

/** How often each change lies on the topic, by conversion and revision. */
const onTopic = async (): Promise<Map<string, number>> => {
  const text = (await readTopicBytes(ground.ground, topics.conversions.name)).toString();
  const times = new Map<string, number>();
  for (const id of text.match(/^[0-9a-f-]{36}:\d+$/gm) ?? []) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
};

describe('a change that no Kafka offset brings again', () => {
  it('is not published when its commit fails, and once when it succeeds later', async () => {
    for (const change of changesOf('failing')) {
      await change.prepare();
      ground.published.splice(0);
      await whileCommitFails(change.transactionId, change.make);
      expect([change.what, await isMade(change), publishedOf(change)]).toEqual([change.what, false, []]);
      expect(await count('conversion_outbox')).toBe(0);
      // A look at a cap that found nothing to let in is not repeated for a while.
      ground.later(dayMs / 4);
      await change.make();
      expect([change.what, await isMade(change)]).toEqual([change.what, true]);
      expect(publishedOf(change)).toHaveLength(1);
      expect(await count('conversion_outbox')).toBe(0);
    }
  });

  it('is committed with its row while the broker is away, and is on the topic once when the broker is back', async () => {
    const changes = changesOf('away');
    for (const change of changes) await change.prepare();
    await ground.attributePostbacks([ground.postback('clickid=nobody&transaction_id=away-expired&amount=2')]);
    ground.later(dayMs);
    const atCalls: { open: number; rows: number }[] = [];
    ground.beforePublishing(async () => {
      const open = await count(
        `pg_stat_activity where datname = current_database() and application_name = 'spec' and xact_start is not null`,
      );
      atCalls.push({ open, rows: await count('conversion_outbox') });
    });

    broker.signal('SIGSTOP');
    ground.published.splice(0);
    for (const change of changes) await change.make();
    expect(await Promise.all(changes.map(isMade))).toEqual([true, true, true]);
    // At each call to Kafka its change is committed, and no transaction waits for the answer.
    expect(atCalls).toEqual([1, 2, 3].map((rows) => ({ open: 0, rows })));
    expect(ground.published).toEqual([]);
    // The process that failed has the rows until its lease is over: no other one publishes them.
    const other = await ground.addNode();
    expect(await other.relayOutbox()).toBe(0);
    // An orphan that expires changes no conversion: there is nothing to publish.
    expect(await count(`postbacks where transaction_id = 'away-expired' and refusal = 'click_unknown'`)).toBe(1);

    broker.signal('SIGKILL');
    await broker.exited;
    broker = await startKafka({ dataDir, port: broker.port });
    await ground.untilTopicTakes();
    await ground.rows('update conversion_outbox set leased_until = now()');
    expect(await other.relayOutbox()).toBe(3);
    expect(await count('conversion_outbox')).toBe(0);
    expect(changes.map((change) => publishedOf(change).length)).toEqual([1, 1, 1]);

    const revisions = await ground.rows<{ id: string; revision: number }>('select id, revision from conversions');
    const made = revisions.flatMap(({ id, revision }) =>
      Array.from({ length: revision }, (_, index): [string, number] => [`${id}:${index + 1}`, 1]),
    );
    expect(new Map([...(await onTopic())].toSorted())).toEqual(new Map(made.toSorted()));
  }, 120_000);
});
