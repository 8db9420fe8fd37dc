import createClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { Problem } from './problem';
import type { paths } from './schema';

/** The one way to the API: typed by the OpenAPI document, by session cookie, on the page's own
 * origin. */

/** Without this header an unsafe call by cookie is refused: no other site can set it. */
const csrf: Middleware = {
  onRequest: ({ request }) => {
    request.headers.set('x-carom-csrf', '1');
    return request;
  },
  // Answers of a proxy in between are no problem documents: they become one, so that every failure
  // reads alike.
  onResponse: async ({ response }) => {
    if (response.ok || (response.headers.get('content-type') ?? '').includes('json')) return response;
    const problem: Problem = {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      code: 'not_answered_by_carom',
      detail: '',
    };
    return new Response(JSON.stringify(problem), {
      status: response.status,
      headers: { 'content-type': 'application/problem+json' },
    });
  },
};

export const client = createClient<paths>({ baseUrl: window.location.origin });
client.use(csrf);

/** `api.useQuery('get', '/api/v1/…', …)`: cached by method, path and parameters. */
export const api = createQueryClient(client);
