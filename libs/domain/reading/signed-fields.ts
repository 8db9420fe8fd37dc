import { indexNames, type Dialect } from './dialect.js';
import { namesCovered, signatureOf, type SignatureSettings } from './signature.js';
import type { FieldName } from '../settings.js';

/** The fields whose parameters a network's signature covers by name. Null: it does not sign, or its
 *  signature covers the whole call. */
export const fieldsCovered = (
  security: SignatureSettings,
  params: Dialect['params'],
): ReadonlySet<FieldName> | null => {
  const rule = signatureOf(security);
  const names = rule && namesCovered(rule);
  if (!names) return null;
  const { places } = indexNames(params);
  return new Set(names.flatMap((name) => (places.get(name) ?? []).map(({ field }) => field)));
};
