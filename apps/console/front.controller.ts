import { Controller, Get, Header } from '@nestjs/common';
import { Operation } from './http/operation.js';

/** What a person sees who opens the console's address in a browser: where things are. It tells nothing that is not in the OpenAPI
 *  document, so it needs no token. */
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Carom</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}pre{overflow:auto;padding:1rem;background:#f4f4f4}</style>
<h1>Carom</h1>
<p>This is the console of a postback tracker. Everything is set up and looked at through its API.</p>
<ul>
<li><a href="/api/v1/openapi.json">/api/v1/openapi.json</a>: every route with its fields (OpenAPI 3.1; no token needed)</li>
<li><code>docs/reference/api.md</code> of the project: the same told by what one wants to do</li>
</ul>
<p>All other routes need the token that was printed at the first start, or that <code>CAROM_ADMIN_TOKEN</code> holds:</p>
<pre>curl -H "authorization: Bearer $TOKEN" "$CONSOLE/api/v1/conversions"
curl -H "authorization: Bearer $TOKEN" "$CONSOLE/api/v1/postbacks?state=refused"</pre>
<p>Click links and Postback URLs are served by ingest, on an address of its own: each campaign shows its <code>clickUrl</code>, each
network its <code>postbackUrl</code>.</p>
</html>
`;

@Controller()
export class FrontController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  @Operation({ summary: 'A page that says where things are.', role: 'none' })
  page(): string {
    return page;
  }
}
