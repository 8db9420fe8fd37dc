import { ensureTopics } from '#kafka';
import { migrate } from '#postgres';
import { createLog, everyApp, messageOf, readConfig } from '#runtime';
import { z } from 'zod';

/** Migrates the database and creates the topics that are missing: before every start, and harmless to repeat. */
export const prepare = async (of: {
  kafkaBrokers: string;
  databaseUrl: string;
  topicPrefix: string;
}): Promise<string[]> => {
  const brokers = of.kafkaBrokers.split(',');
  const log = createLog('prepare', 'warn');
  const [migrated] = await Promise.all([
    migrate(of.databaseUrl),
    ensureTopics({ brokers, clientId: 'carom-prepare', topicPrefix: of.topicPrefix, log }),
  ]);
  return migrated;
};

const settings = z.object({
  KAFKA_BROKERS: z.string().min(1),
  DATABASE_URL: z.url(),
  CAROM_TOPIC_PREFIX: everyApp.CAROM_TOPIC_PREFIX,
});

/** As a command (`node dist/stack/prepare.js`), for compose and for clusters: the environment says where. */
if (import.meta.main) {
  try {
    const env = readConfig(settings, process.env);
    const migrated = await prepare({
      kafkaBrokers: env.KAFKA_BROKERS,
      databaseUrl: env.DATABASE_URL,
      topicPrefix: env.CAROM_TOPIC_PREFIX,
    });
    console.log(`topics are there; migrations run now: ${migrated.join(', ') || 'none'}`);
  } catch (thrown) {
    console.error(messageOf(thrown));
    process.exitCode = 1;
  }
}
