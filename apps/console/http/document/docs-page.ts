import { createHash } from 'node:crypto';
import { docsStyle } from './docs-style.js';

/** The API's document as a page to read: one HTML text without any script, made of the document
 *  alone. Its only style is named in the policy by its hash, and nothing is loaded. */

type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
};
type Parameter = { name: string; in: string; required: boolean; description?: string; schema: Schema };
type Content = Record<string, { schema: Schema }>;
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
export type ApiDocument = {
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '');

/** Sentences of the document mark code by backticks and lists by dashes. */
const words = (text: string): string => escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>');
const prose = (text: string): string => {
  const lines = text.split('\n');
  if (!lines.every((line) => line.startsWith('- '))) return `<p>${words(text)}</p>`;
  return `<ul>${lines.map((line) => `<li>${words(line.slice(2))}</li>`).join('')}</ul>`;
};

const nameOf = (ref: string): string => ref.replace('#/components/schemas/', '');
const linkTo = (ref: string): string => `<a href="#schema-${escaped(nameOf(ref))}">${escaped(nameOf(ref))}</a>`;

/** The type of a field in a few words. */
const typeOf = (schema: Schema): string => {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escaped(String(value))}</code>`).join(' ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && !schema.properties)
    return `map to ${typeOf(schema.additionalProperties)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return schema.format === undefined ? type : `${type} (${escaped(schema.format)})`;
};

const row = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly string[]): string =>
  rows.length === 0
    ? ''
    : `<div class="wide" tabindex="0"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>` +
      `<tbody>${rows.join('')}</tbody></table></div>`;

const exampleOf = ({ examples }: Schema): string =>
  examples?.[0] === undefined ? '' : `<code>${escaped(JSON.stringify(examples[0]))}</code>`;

/** Fields of a schema, those of inner objects by their path. */
const fieldRows = (schema: Schema, path = ''): string[] => {
  const inner = schema.items ?? schema.anyOf?.find(({ properties, items }) => properties ?? items);
  if (!schema.properties) return inner && !inner.$ref ? fieldRows(inner, path) : [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const needed = schema.required?.includes(name) === true ? '' : ' <small>optional</small>';
    const own = row([
      `<code>${escaped(at)}</code>${needed}`,
      typeOf(field),
      words(field.description ?? ''),
      exampleOf(field),
    ]);
    return [own, ...(field.$ref === undefined ? fieldRows(field, at) : [])];
  });
};

const contentLines = (content: Content = {}): string =>
  Object.entries(content)
    .filter(([type]) => type !== 'application/problem+json')
    .map(([type, { schema }]) => `<p><code>${escaped(type)}</code>: ${typeOf(schema)}</p>`)
    .join('');

const responseBlock = ([status, { description, content }]: [string, Operation['responses'][string]]): string =>
  `<dt><code>${escaped(status)}</code></dt><dd>${prose(description)}${contentLines(content)}</dd>`;

const operationBlock = (path: string, method: string, operation: Operation): string => {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const rows = parameters.map(({ name, in: place, required, description: text = '', schema }) =>
    row([
      `<code>${escaped(name)}</code>${required ? '' : ' <small>optional</small>'}`,
      escaped(place),
      typeOf(schema),
      words(text),
      exampleOf(schema),
    ]),
  );
  return (
    `<details id="${escaped(operationId)}"><summary><span class="method ${method}">${method.toUpperCase()}</span> ` +
    `<code>${escaped(path)}</code> <span class="what">${words(summary)}</span></summary>` +
    `<p>${words(description)} <small>operationId <code>${escaped(operationId)}</code></small></p>` +
    table(['Parameter', 'In', 'Type', 'Meaning', 'Example'], rows) +
    (requestBody ? `<h4>Body</h4>${contentLines(requestBody.content)}` : '') +
    `<h4>Answers</h4><dl>${Object.entries(responses).map(responseBlock).join('')}</dl></details>`
  );
};

const schemaBlock = ([name, schema]: [string, Schema]): string =>
  `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>` +
  `${table(['Field', 'Type', 'Meaning', 'Example'], fieldRows(schema)) || `<p>${typeOf(schema)}</p>`}</details>`;

const introduction = `<p>Send <code>Authorization: Bearer &lt;token&gt;</code>, or sign in on the page. Lists answer
<code>{"items", "next"}</code> and page by <code>cursor</code>; with <code>Accept: text/csv</code> they are CSV. Filters take several
values (<code>state=parked,waiting</code>) or leave some out (<code>state=!delivered</code>). Writes take
<code>Idempotency-Key</code>. Failures are problem documents (RFC 9457) with a stable <code>code</code>.</p>
<p>For programs: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI 3.1).</p>`;

/** The whole page. Open to everyone who reaches the port, as the document itself is: it holds no
 *  data of this installation. */
export const renderDocs = ({ info, paths, components }: ApiDocument): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags[0] ?? 'api',
      block: operationBlock(path, method, operation),
    })),
  );
  const tags = [...Map.groupBy(operations, ({ tag }) => tag)];
  const links = [...tags.map(([tag]) => tag), 'schemas'].map((tag) => `<a href="#tag-${tag}">${escaped(tag)}</a>`);
  const sections = tags.map(
    ([tag, of]) =>
      `<section id="tag-${tag}"><h2>${escaped(tag)}</h2>${of.map(({ block }) => block).join('')}</section>`,
  );
  const schemas = Object.entries(components.schemas).map(schemaBlock).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title>
<link rel="icon" href="data:,">
<style>${docsStyle}</style>
</head>
<body>
<header><h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1><p>${words(info.description)}</p>${introduction}</header>
<nav aria-label="Parts of the API">${links.join(' ')}</nav>
<main>${sections.join('\n')}
<section id="tag-schemas"><h2>schemas</h2>${schemas}</section></main>
</body>
</html>
`;
};

const hashOfStyle = createHash('sha256').update(docsStyle).digest('base64');

/** No script, no request, no frame; the one style by its hash. */
export const docsPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hashOfStyle}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
