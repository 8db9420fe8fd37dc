import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import openapiTs, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { apiControllers } from '../../apps/console/console.module.js';
import { documentController } from '../../apps/console/http/http.module.js';
import { openApiOf } from '../../apps/console/http/document/openapi.js';
import { everyConsoleRoute } from '../support/console-routes.js';

/** What is generated from the routes: the types of the client that the page and tests use, and the
 * table of roles. `npm run docs` writes them. */
const controllers = [...apiControllers, documentController(apiControllers)];
const hold = (file: string, text: string): void => {
  if (process.env.CAROM_WRITE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
};

it('the types of the client are those of the API’s document', async () => {
  const file = 'apps/console/web/api/schema.d.ts';
  // The page reads JSON only; CSV is for people and spreadsheets.
  const json = JSON.stringify(openApiOf(controllers)).replaceAll(',"text/csv":{"schema":{"type":"string"}}', '');
  const document = JSON.parse(json) as Parameters<typeof openapiTs>[0];
  const head = '/** Generated from the API’s document by `npm run docs`; not edited by hand. */\n\n';
  // A field of a body that has a default may be left out.
  const text = head + astToString(await openapiTs(document, { defaultNonNullable: false }));
  hold(file, await format(text, { ...(await resolveConfig(file)), parser: 'typescript' }));
});

it('the table of roles has every route', async () => {
  const file = 'docs/reference/roles.md';
  const lines = everyConsoleRoute()
    .map(({ method, path, settings: { role } }) => ({ route: `\`${method.toUpperCase()} ${path}\``, role }))
    .sort((a, b) => (a.route < b.route ? -1 : 1))
    .map(({ route, role }) => {
      const allowed = ['none', 'viewer', 'editor', 'admin'];
      const cells = allowed.map((each) => (allowed.indexOf(each) >= allowed.indexOf(role) ? 'yes' : '–'));
      return `| ${route} | ${cells.join(' | ')} |`;
    });
  const text = `# Which role may call what

Generated from the routes by \`npm run docs\`; \`test/e2e/console-roles.e2e.spec.ts\` calls each route as each role. The
files of the page are open to all as well. Some answers depend on the role too: viewers see no network tokens, and no
addresses or user agents of visitors unless they are allowed; editors see their own lines of the audit.

| route | anonymous | viewer | editor | admin |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
  hold(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
});
