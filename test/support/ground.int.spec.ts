import { afterAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { topics } from '#contracts';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { openTestGround, type TestGround } from './ground.js';
import { startReceiver } from './receiver.js';
import { makeTopics } from './system.js';
import { waitFor } from './wait-for.js';

const grounds: TestGround[] = [];
const open = async () => {
  const ground = await openTestGround();
  grounds.push(ground);
  return ground;
};
afterAll(() => Promise.all(grounds.map((ground) => ground.close())));

describe('the ground of a test file', () => {
  it('has a migrated database that no other file sees', async () => {
    const [one, other] = [await open(), await open()];
    const names = await Promise.all(
      [one, other].map(async ({ databaseUrl }) => {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        const { rows } = await client.query<{ db: string; ran: string }>(
          'select current_database() as db, (select count(*) from migrations) as ran',
        );
        await client.end();
        return rows[0];
      }),
    );
    expect(Number(names[0]?.ran)).toBeGreaterThan(0);
    expect(names[0]?.db).not.toBe(names[1]?.db);
  });

  it('has a Redis database that no other file sees', async () => {
    const [one, other] = (await Promise.all([open(), open()])).map(({ redisUrl }) => new Redis(redisUrl));
    await one?.set('seen', 'yes');
    expect(await other?.get('seen')).toBeNull();
    expect(await one?.get('seen')).toBe('yes');
    one?.disconnect();
    other?.disconnect();
  });

  it('makes its topics on the broker, and takes them away again', async () => {
    const ground = await openTestGround();
    const admin = new Kafka({ brokers: ground.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const ours = async () => (await admin.listTopics()).filter((topic) => topic.startsWith(ground.topicPrefix)).sort();
    await makeTopics(ground);
    expect(await ours()).toEqual(
      Object.values(topics)
        .map(({ name }) => ground.topicPrefix + name)
        .sort(),
    );
    await ground.close();
    expect(await waitFor(async () => (await ours()).length === 0)).toBe(true);
    await admin.disconnect();
  });
});

describe('the receiver that plays an ad network', () => {
  it('keeps what was sent to it, answers as set, and can be waited for', async () => {
    const receiver = await startReceiver();
    receiver.answer((request) => ({ status: request.path === '/busy' ? 503 : 200, body: 'thanks' }));
    const fits = receiver.awaitRequests(({ query }) => query.get('click_id') === 'c1');
    expect((await fetch(`${receiver.url}/busy`, { method: 'POST', body: 'x=1' })).status).toBe(503);
    expect(await (await fetch(`${receiver.url}/conversion?click_id=c1`)).text()).toBe('thanks');
    expect((await fits).map(({ target }) => target)).toEqual(['/conversion?click_id=c1']);
    expect(receiver.requests[0]?.body.toString()).toBe('x=1');
    await expect(receiver.awaitRequests(({ path }) => path === '/never', 50)).rejects.toThrow('not within 50 ms');
    await receiver.close();
  });
});
