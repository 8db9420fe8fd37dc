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
import type { PostbackCall, Standing } from '../ports.js';

/** How much of a call is stored. A network's own calls are stored whole; of strangers' calls an
 *  honest one fits, and garbage cannot fill the disk (`docs/LIMITS.md`). */
type Room = { target: number; headers: number; header: number; body: number };
const rooms: Record<Standing, Room> = {
  proven: { target: maxTargetLength, headers: 1_000, header: maxTargetLength, body: maxBodyLength },
  names_click: { target: 8_192, headers: 60, header: 2_000, body: 8_192 },
  garbage: { target: 4_096, headers: 30, header: 500, body: 4_096 },
};

/** Where a call carries secrets: in its network's secret parameter, whatever its value, and
 *  wherever it holds the secret of any network, because its network may be found only later. Each
 *  is taken out in the form in which it was sent. */
export const secretsIn = (
  list: readonly Parameter[],
  network: Network | null,
  view: Pick<CatalogView, 'isSecret'>,
): SecretPlaces => {
  const own = network?.security.secret;
  const sent = list.flatMap(({ value, raw }) => (view.isSecret(value) ? [raw, value] : []));
  return own ? { params: [own.param], values: [own.value, ...sent] } : { params: [], values: sent };
};

/** The token and the key in the path are known by their place there; a header that repeats the
 *  target holds them too. */
const withPath = ({ token, key }: PostbackCall, { params, values }: SecretPlaces): SecretPlaces => ({
  params,
  values: [...values, ...[token, key].filter((secret) => secret !== null)],
});

const cutHeaders = (headers: PostbackCall['headers'], room: Room): PostbackCall['headers'] => {
  const names = Object.keys(headers);
  if (names.length <= room.headers) return headers;
  return Object.fromEntries(names.slice(0, room.headers).map((name) => [name, headers[name]]));
};

type KeptBody = Pick<SafePostbackRecord['raw'], 'body' | 'bodyEncoding'>;

/** A body that is no UTF-8, or holds a NUL that no text column can, is kept as base64, so that no
 *  byte is lost. */
const keptBody = (bytes: Buffer | null, secrets: SecretPlaces, maxLength: number): KeptBody => {
  if (bytes === null || bytes.length === 0) return { body: null, bodyEncoding: 'utf8' };
  const { text, encoding } = decodeText(bytes);
  // Redacted before it is cut, so that no half of a secret is left.
  const clean = redactText(text, secrets).slice(0, maxLength);
  if (encoding === 'utf8' && !clean.includes('\0'))
    return { body: safeText(clean, maxBodyLength), bodyEncoding: 'utf8' };
  return { body: safeText(Buffer.from(clean, encoding).toString('base64'), maxBodyLength), bodyEncoding: 'base64' };
};

/** The call as it is stored: verbatim, without its secrets, and cut to the room that its standing
 *  has. */
export const keptCall = (
  call: PostbackCall,
  secrets: SecretPlaces,
  standing: Standing,
): { raw: SafePostbackRecord['raw']; isCut: boolean } => {
  const room = rooms[standing];
  const target =
    call.token !== null ? redactToken(call.target) : call.key !== null ? redactKey(call.target) : call.target;
  const headers = redactHeaders(cutHeaders(call.headers, room), withPath(call, secrets));
  const isLongHeader = Object.values(headers).some((value) => value.length > room.header);
  const raw = {
    method: safeText(call.method, 20),
    target: safeText(redactText(target, secrets).slice(0, room.target).replaceAll('\0', '%00'), room.target),
    headers: isLongHeader
      ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, safeText(value, room.header)]))
      : headers,
    remoteAddress: call.address === null ? null : safeText(call.address, 100),
    ...keptBody(call.body, secrets, room.body),
  };
  const isCut = target.length > room.target || (call.body?.length ?? 0) > room.body;
  return { raw, isCut };
};
