import fastifyStatic from '@fastify/static';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendProblem } from '#http';
import { projectRoot, systemRandom } from '#runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Serves the built page of `apps/console/web` (its output is `dist/web`). Every path that is
 *  neither the API nor a file of the build answers `index.html`, so that a deep link opens where
 *  it points. */

const buildFolder = join(projectRoot, 'dist', 'web');

/** No script, style, font or picture from elsewhere. The nonce is for the styles that the component
 *  library makes at run time; it differs in each answer. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Carom</title>
<h1>Carom</h1>
<p>The page of this console has not been built. <code>npm run build</code> builds it.</p>
<p>The API works: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> describes every route.</p>
</html>
`;

const nonceMark = '__NONCE__';

/** Answers an HTML page under the strict policy; `__NONCE__` in it becomes the nonce of this
 *  answer. */
const sendPage = (reply: FastifyReply, html: string): void => {
  const nonce = Buffer.from(systemRandom.bytes(16)).toString('base64');
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', policyOf(nonce))
    .header('cache-control', 'no-store')
    .send(html.replaceAll(nonceMark, nonce));
};

const isApi = (url: string): boolean => /^\/api(?:[/?]|$)/.test(url);
/** A path with a file's extension that is not in the build: the old asset of a page that was
 *  replaced. */
const isFile = (url: string): boolean => /\.\w{1,8}$/.test(url.split('?', 1)[0] ?? '');

/** @param folder the build; another one in tests. */
export const servePage = async (fastify: FastifyInstance, folder = buildFolder): Promise<void> => {
  const index = join(folder, 'index.html');
  const html = existsSync(index) ? readFileSync(index, 'utf8') : null;
  if (html !== null)
    await fastify.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      globIgnore: ['**/index.html*', '**/*.map', '**/.*/**'],
      preCompressed: true,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names under assets/ hold a hash of their content.
        const isHashed = path.startsWith(join(folder, 'assets'));
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  fastify.get('/*', (request: FastifyRequest, reply: FastifyReply) => {
    const { url } = request;
    if (isApi(url) || isFile(url))
      return sendProblem(reply, { status: 404, code: 'no_such_route', detail: `there is nothing at ${url}` });
    sendPage(reply, html ?? notBuilt);
  });
};
