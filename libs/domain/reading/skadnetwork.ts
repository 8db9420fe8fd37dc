import type { Dialect } from './dialect.js';
import type { Parameter } from './call/parameter.js';

/** Postbacks of Apple's SKAdNetwork and AdAttributionKit. They name no click, and their conversion
 *  value is a number from 0 to 63 whose meaning the app decides, so it must never become money.
 *  https://developer.apple.com/documentation/storekit/verifying-an-install-validation-postback */

/** Names that only these postbacks have, as they are sent or with underscores by those who forward
 *  them. */
const markers = new Set([
  'attribution-signature',
  'coarse-conversion-value',
  'did-win',
  'fidelity-type',
  'jws-string',
  'postback-sequence-index',
]);

const plain = (name: string): string => name.trim().toLowerCase().replaceAll('_', '-');

/** Whether a network's settings ask for such postbacks: they name one of their parameters. */
const isAskedFor = ({ params }: Dialect): boolean =>
  Object.values(params).some((names) =>
    names.some((name) => markers.has(plain(name)) || plain(name) === 'conversion-value'),
  );

export const isSkadnetwork = (list: readonly Parameter[], dialect: Dialect): boolean =>
  list.some(({ name }) => markers.has(plain(name))) && !isAskedFor(dialect);
