import { ensureTopics } from '#kafka';
import { admitServices, migrate, type Guard } from '#postgres';
import { createLog, everyApp, messageOf, readConfig } from '#runtime';
import { z } from 'zod';

/** Migrates the database, lets the services' role in, and creates the topics that are missing:
 * before every start, and harmless to repeat. */
export const prepare = async (of: {
  kafkaBrokers: string;
  /** As the services connect. */
  databaseUrl: string;
  /** As the one connects who owns the tables. */
  ownerUrl: string;
  topicPrefix: string;
}): Promise<{ migrated: string[]; guard: Guard }> => {
  const brokers = of.kafkaBrokers.split(',');
  const log = createLog('prepare', 'warn');
  const [migrated] = await Promise.all([
    migrate(of.ownerUrl),
    ensureTopics({ brokers, clientId: 'carom-prepare', topicPrefix: of.topicPrefix, log }),
  ]);
  return { migrated, guard: await admitServices(of.ownerUrl, of.databaseUrl) };
};

export const unguarded =
  'The services connect as a role that owns the ledger and could change it: give them one of their own in DATABASE_URL, and the ' +
  "owner's in DATABASE_OWNER_URL (docs/operating/database.md).";

export const prepareConfig = z.object({
  KAFKA_BROKERS: z.string().min(1),
  DATABASE_URL: z.url(),
  /** Not set: DATABASE_URL owns the tables too. */
  DATABASE_OWNER_URL: z.url().optional(),
  CAROM_TOPIC_PREFIX: everyApp.CAROM_TOPIC_PREFIX,
});

/** As a command (`node dist/ops/migrate.js`), for compose and for clusters: the environment says
 * where. */
if (import.meta.main) {
  try {
    const env = readConfig(prepareConfig, process.env);
    const { migrated, guard } = await prepare({
      kafkaBrokers: env.KAFKA_BROKERS,
      databaseUrl: env.DATABASE_URL,
      ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
      topicPrefix: env.CAROM_TOPIC_PREFIX,
    });
    console.log(`topics are there; migrations run now: ${migrated.join(', ') || 'none'}`);
    if (guard === 'owner') console.warn(unguarded);
  } catch (thrown) {
    console.error(messageOf(thrown));
    process.exitCode = 1;
  }
}
