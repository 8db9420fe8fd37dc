import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';

/** A cache of clicks. It is speed and nothing else: every answer may be missing, none may be waited
 * for. Each command has a short timeout; after a few failures in a row the cache is left alone for
 * a while (a frozen Redis would otherwise cost that timeout with every batch), then tried again
 * with one command. */
export type ClickCache = {
  /** One entry per id, in the same order; null: not there, or Redis is not. */
  read: (clickIds: readonly string[]) => Promise<(string | null)[]>;
  write: (entries: readonly { clickId: string; value: string }[]) => void;
  state: () => 'up' | 'resting';
  close: () => Promise<void>;
};

type ClickCacheOptions = {
  /** `rediss:` encrypts; a user and a password come before the host. */
  redisUrl: string;
  /** PEM file of the authority to trust, where it is not a public one. */
  caFile?: string;
  keyPrefix: string;
  keptSeconds: number;
  timeoutMs?: number;
  /** Failures in a row until it rests, and for how long. */
  failuresToRest?: number;
  restMs?: number;
  now?: () => number;
  /** Called at each change between up and resting. */
  onState?: (state: 'up' | 'resting', error: string | null) => void;
};

export const openClickCache = (options: ClickCacheOptions): ClickCache => {
  const { timeoutMs = 50, failuresToRest = 3, restMs = 2_000, now = () => performance.now() } = options;
  const client = new Redis(options.redisUrl, {
    ...(options.caFile && { tls: { ca: readFileSync(options.caFile, 'utf8') } }),
    keyPrefix: options.keyPrefix,
    commandTimeout: timeoutMs,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    retryStrategy: (attempt) => Math.min(200 * attempt, 2_000),
  });
  let failures = 0;
  let restingUntil = 0;
  let lastError: string | null = null;
  let reported: 'up' | 'resting' = 'up';
  client.on('error', (error: Error) => (lastError = error.message));

  const report = (state: 'up' | 'resting') => {
    if (state === reported) return;
    reported = state;
    options.onState?.(state, state === 'resting' ? lastError : null);
  };
  const failed = (thrown: unknown) => {
    lastError = thrown instanceof Error ? thrown.message : String(thrown);
    failures += 1;
    if (failures < failuresToRest) return;
    restingUntil = now() + restMs;
    report('resting');
  };
  const worked = () => {
    failures = 0;
    report('up');
  };
  const resting = () => now() < restingUntil;

  return {
    async read(clickIds) {
      const nothing = clickIds.map(() => null);
      if (clickIds.length === 0 || resting()) return nothing;
      try {
        const values = await client.mget(clickIds.map((id) => `click:${id}`));
        worked();
        return values;
      } catch (thrown) {
        failed(thrown);
        return nothing;
      }
    },
    // Never awaited: a click that is not in the cache is found in Postgres.
    write(entries) {
      if (entries.length === 0 || resting()) return;
      const pipeline = client.pipeline();
      for (const { clickId, value } of entries) pipeline.set(`click:${clickId}`, value, 'EX', options.keptSeconds);
      pipeline.exec().then((results) => {
        const error = results?.find(([each]) => each)?.[0];
        if (error) failed(error);
        else worked();
      }, failed);
    },
    state: () => (resting() ? 'resting' : 'up'),
    close: async () => {
      client.disconnect();
    },
  };
};
