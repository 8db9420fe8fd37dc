import type { Network, RawCall } from '#contracts';
import { decodeText, redactHeaders, redactKey, redactText, redactToken, storable } from '#domain';
import type { PostbackCall } from './ingest.pipeline.js';

/** Beyond this a target is cut: only a call that was refused for its size is so long. */
const mostTargetCharacters = 65_536;

const secretsOf = (network: Network | null) => {
  const secret = network?.security.secret;
  return secret ? { params: [secret.param], values: [secret.value] } : { params: [], values: [] };
};

/** The call as it is kept for ever: verbatim, but for the secrets in it. A body that is no UTF-8, or holds a NUL that no text column
 *  can, is kept as base64, so that no byte is lost. */
export const keptCall = (call: PostbackCall, network: Network | null): RawCall => {
  const secrets = secretsOf(network);
  const target =
    call.token !== null ? redactToken(call.target) : call.key !== null ? redactKey(call.target) : call.target;
  const kept = {
    method: call.method,
    target: storable(redactText(target.slice(0, mostTargetCharacters).replaceAll('\0', '%00'), secrets)),
    headers: redactHeaders(call.headers),
    remoteAddress: call.address,
  };
  if (call.body === null || call.body.length === 0) return { ...kept, body: null, bodyEncoding: 'utf8' };
  const { text, encoding } = decodeText(call.body);
  const clean = redactText(text, secrets);
  if (encoding === 'utf8' && !clean.includes('\0')) return { ...kept, body: clean, bodyEncoding: 'utf8' };
  return { ...kept, body: Buffer.from(clean, encoding).toString('base64'), bodyEncoding: 'base64' };
};
