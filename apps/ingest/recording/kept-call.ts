import { maxBodyLength, maxTargetLength, type CatalogView, type Network, type SafePostbackRecord } from '#contracts';
import {
  decodeText,
  redactHeaders,
  redactKey,
  redactText,
  redactToken,
  safeText,
  type Parameter,
  type SecretPlaces,
} from '#domain';
import type { PostbackCall } from '../ingest.pipeline.js';

/** Where a call carries secrets: its network's secret parameter, whatever stands in it, and a secret of any network wherever it stands,
 *  because whose call it is may be found out only later. A secret is taken out in the very form in which it was sent. */
export const secretsIn = (
  list: readonly Parameter[],
  network: Network | null,
  view: Pick<CatalogView, 'isSecret'>,
): SecretPlaces => {
  const own = network?.security.secret;
  const sent = list.flatMap(({ value, raw }) => (view.isSecret(value) ? [raw, value] : []));
  return own ? { params: [own.param], values: [own.value, ...sent] } : { params: [], values: sent };
};

/** What stands in the path of the target is known by its place there, and by itself in a header that repeats the target. */
const withPath = ({ token, key }: PostbackCall, { params, values }: SecretPlaces): SecretPlaces => ({
  params,
  values: [...values, ...[token, key].filter((secret) => secret !== null)],
});

/** The call as it is kept for ever: verbatim, but for the secrets in it. A body that is no UTF-8, or holds a NUL that no text column
 *  can, is kept as base64, so that no byte is lost. */
export const keptCall = (call: PostbackCall, secrets: SecretPlaces): SafePostbackRecord['raw'] => {
  const target =
    call.token !== null ? redactToken(call.target) : call.key !== null ? redactKey(call.target) : call.target;
  const kept = {
    method: safeText(call.method, 20),
    target: safeText(redactText(target.slice(0, maxTargetLength).replaceAll('\0', '%00'), secrets), maxTargetLength),
    headers: redactHeaders(call.headers, withPath(call, secrets)),
    remoteAddress: call.address === null ? null : safeText(call.address, 100),
  };
  if (call.body === null || call.body.length === 0) return { ...kept, body: null, bodyEncoding: 'utf8' };
  const { text, encoding } = decodeText(call.body);
  const clean = redactText(text, secrets);
  if (encoding === 'utf8' && !clean.includes('\0'))
    return { ...kept, body: safeText(clean, maxBodyLength), bodyEncoding: 'utf8' };
  return {
    ...kept,
    body: safeText(Buffer.from(clean, encoding).toString('base64'), maxBodyLength),
    bodyEncoding: 'base64',
  };
};
