import { addForm } from './form.js';
import { addJson } from './json.js';
import { addMultipart } from './multipart.js';
import { addProblem, noParameters, type Parameters } from './parameter.js';
import { decodeText } from './text.js';

/** The parameters of a call, from its query and its body, whatever the body claims to be. Never
 *  throws: what cannot be read leaves no parameter and one problem. The work is linear in the size
 *  of the call. */

/** The call as it came. `query` is the text after the first `?`, one character per byte or decoded
 *  already. */
export type InboundCall = { method: string; query: string; body: Uint8Array | null; contentType: string | null };

const boundaryOf = /^multipart\/form-data;.*boundary="?([^";]{1,100})"?/i;

const addBody = (into: Parameters, body: Uint8Array, contentType: string): void => {
  const { text, encoding } = decodeText(body);
  if (encoding === 'latin1') addProblem(into.problems, 'text_not_utf8', null);
  const boundary = boundaryOf.exec(contentType)?.[1];
  if (boundary) return addMultipart(into, text, boundary);
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return;
  // Content types are often wrong: JSON is posted as text and as a form, forms as JSON. The first
  // character is not.
  if ((trimmed.startsWith('{') || trimmed.startsWith('[')) && addJson(into, trimmed)) return;
  if (trimmed.includes('=')) return addForm(into, trimmed);
  addProblem(into.problems, 'body_unreadable', null);
};

/** All parameters of a call, repeated ones included: the query's first, each in the order sent. */
export const readParameters = (call: InboundCall): Parameters => {
  const into = noParameters();
  if (call.query !== '') addForm(into, call.query);
  into.fromQuery = into.list.length;
  if (call.body && call.body.length > 0) addBody(into, call.body, call.contentType ?? '');
  return into;
};
