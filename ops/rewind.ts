import { parseArgs } from 'node:util';
import { topics, type Topic } from '#contracts';
import { connectionOf, rewindGroup } from '#kafka';
import { createLog, kafkaSettings, messageOf, readConfig } from '#runtime';
import { z } from 'zod';
import { findRunning } from '../stack/system/local.js';

/** `npm run rewind -- --minutes N`: sets attribution and dispatch back by N minutes, so that they
 * read these records again. For the takeover of a standby that had not received everything: all
 * writers recognise what is there already. Both services must be stopped. */

const groups: { service: string; topic: Topic }[] = [
  { service: 'carom.attribution', topic: topics.clicks },
  { service: 'carom.attribution', topic: topics.postbacks },
  { service: 'carom.dispatch', topic: topics.conversions },
];

const readMinutes = (): number | null => {
  try {
    const { values } = parseArgs({ options: { minutes: { type: 'string' } } });
    const minutes = Number(values.minutes);
    return Number.isInteger(minutes) && minutes >= 1 && minutes <= 7 * 24 * 60 ? minutes : null;
  } catch {
    return null;
  }
};

const minutes = readMinutes();
if (minutes === null) {
  console.error('usage: npm run rewind -- --minutes <1 to 10080>; stop attribution and dispatch first');
  process.exit(2);
}
try {
  const running = findRunning();
  const env = { KAFKA_BROKERS: running?.kafkaBrokers, CAROM_TOPIC_PREFIX: running?.topicPrefix, ...process.env };
  const connection = connectionOf(
    readConfig(z.object(kafkaSettings), env),
    'carom-rewind',
    createLog('rewind', 'warn'),
  );
  const atMs = Date.now() - minutes * 60_000;
  for (const { service, topic } of groups) {
    const records = await rewindGroup(connection, `${service}.${topic.name}`, topic.name, atMs);
    console.log(`${service} reads ${records} records of ${topic.name} again`);
  }
  console.log('Start attribution and dispatch.');
} catch (thrown) {
  console.error(messageOf(thrown));
  process.exitCode = 1;
}
