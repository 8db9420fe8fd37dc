import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { consoleEntities, insertJob, openDatabase, takeIdempotentKey, type Database } from '#postgres';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';

let ground: TestGround;
let database: Database;
beforeAll(async () => {
  ground = await openTestGround();
  const entities = consoleEntities;
  database = await openDatabase({ databaseUrl: ground.databaseUrl, poolSize: 4, applicationName: 'spec', entities });
});
afterAll(async () => {
  await database?.close();
  await ground?.close();
});

describe('what people and their programs can make grow in the console', () => {
  it('jobs: a thousand that wait or run, and no more until one has ended', async () => {
    await database.pool.query(
      `insert into jobs (id, kind, params, state)
       select gen_random_uuid(), 'replay', '{}', case when n % 2 = 0 then 'queued' else 'running' end
       from generate_series(1, 1000) n`,
    );
    const { manager } = database.dataSource;
    const job = () => ({ id: randomUUID(), kind: 'replay', params: {}, userId: null, tokenId: null });
    expect(await insertJob(manager, job())).toBeNull();
    await database.pool.query(
      "update jobs set state = 'done' where id = (select id from jobs where state = 'queued' limit 1)",
    );
    expect(await insertJob(manager, job())).toMatchObject({ state: 'queued' });
    expect(await insertJob(manager, job())).toBeNull();
  });

  it('idempotency keys: ten thousand of one user; another user has keys of their own', async () => {
    const ann = randomUUID();
    await database.pool.query(
      `insert into idempotent_answers (actor, key, fingerprint)
       select $1, 'key-' || n, '\\x00' from generate_series(1, 10000) n`,
      [ann],
    );
    const print = Buffer.from('a request');
    expect(await takeIdempotentKey(database.pool, { actor: ann, key: 'one-more' }, print)).toBe('full');
    expect(await takeIdempotentKey(database.pool, { actor: randomUUID(), key: 'one-more' }, print)).toBe('taken');
    expect(await takeIdempotentKey(database.pool, { actor: ann, key: 'key-1' }, print)).toMatchObject({
      status: null,
    });
  });
});
