import { connectionOf, ensureTopics, type KafkaConnection } from '#kafka';
import { admitServices, migrate, type Guard } from '#postgres';
import { createLog, kafkaSettings, messageOf, readConfig } from '#runtime';
import { z } from 'zod';

/** Migrates the database, lets the services' role in, and creates the topics that are missing:
 * before every start, and harmless to repeat. */
export const prepare = async (of: {
  kafka: KafkaConnection;
  /** As the services connect. */
  databaseUrl: string;
  /** As the one connects who owns the tables. */
  ownerUrl: string;
  /** By default the cluster's. */
  replicationFactor?: number;
}): Promise<{ migrated: string[]; guard: Guard }> => {
  const [migrated] = await Promise.all([migrate(of.ownerUrl), ensureTopics(of.kafka, of.replicationFactor)]);
  return { migrated, guard: await admitServices(of.ownerUrl, of.databaseUrl) };
};

export const unguarded =
  'The services connect as a role that owns the ledger and could change it: give them one of their own in DATABASE_URL, and the ' +
  "owner's in DATABASE_OWNER_URL (docs/operating/database.md).";

export const prepareConfig = z.object({
  ...kafkaSettings,
  /** Of topics that are created; by default the cluster's. */
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(10).optional(),
  DATABASE_URL: z.url(),
  /** Not set: DATABASE_URL owns the tables too. */
  DATABASE_OWNER_URL: z.url().optional(),
});

/** As a command (`node dist/ops/migrate.js`), for compose and for clusters: the environment says
 * where. */
if (import.meta.main) {
  try {
    const env = readConfig(prepareConfig, process.env);
    const { migrated, guard } = await prepare({
      kafka: connectionOf(env, 'carom-prepare', createLog('prepare', 'warn')),
      replicationFactor: env.KAFKA_REPLICATION_FACTOR,
      databaseUrl: env.DATABASE_URL,
      ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
    });
    console.log(`topics are there; migrations run now: ${migrated.join(', ') || 'none'}`);
    if (guard === 'owner') console.warn(unguarded);
  } catch (thrown) {
    console.error(messageOf(thrown));
    process.exitCode = 1;
  }
}
