import { consoleEntities, createAdminLink, openDatabase } from '#postgres';
import { messageOf } from '#runtime';

/** `npm run admin:link`: prints a link that opens the console as an admin, once, within an hour.
 * For the first sign-in to a new installation, and for admins who have locked themselves out. It
 * needs no more than what the services have: DATABASE_URL, and CONSOLE_URL for where the console
 * is. */
const { DATABASE_URL: databaseUrl, CONSOLE_URL: consoleUrl = 'http://127.0.0.1:8090' } = process.env;
if (!databaseUrl) {
  process.stderr.write('set DATABASE_URL to the database of the services\n');
  process.exit(1);
}
try {
  const database = await openDatabase({
    databaseUrl,
    poolSize: 1,
    applicationName: 'carom-admin-link',
    entities: consoleEntities,
  });
  const code = await createAdminLink(database.dataSource, new Date());
  await database.close();
  process.stdout.write(`${consoleUrl.replace(/\/+$/, '')}/sign-in/${code}\n`);
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exit(1);
}
