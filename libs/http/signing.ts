import { createMac, type Mac } from '#domain';

/** Standard Webhooks (https://www.standardwebhooks.com): `webhook-signature: v1,<base64
 *  HMAC-SHA256 of "id.timestamp.body">`.
 *
 *  With two secrets both signatures are sent, space separated, so that a receiver that knows
 *  either accepts the call: that is the whole of rotation. A secret is `whsec_` and base64; one
 *  without that prefix is taken as the bytes of its text. */
export const signStandardWebhook = (
  secrets: readonly string[],
  call: { id: string; timestampSeconds: number; body: string | null },
): Record<string, string> => {
  const content = `${call.id}.${call.timestampSeconds}.${call.body ?? ''}`;
  const signatures = secrets.map((secret) => `v1,${macOf(secret)(content, 'base64')}`);
  return {
    'webhook-id': call.id,
    'webhook-timestamp': String(call.timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
};

/** Kept, because there are only as many secrets as destinations. */
const macs = new Map<string, Mac>();
const maxMacs = 1_000;

const macOf = (secret: string): Mac => {
  const known = macs.get(secret);
  if (known) return known;
  const encoded = secret.startsWith('whsec_');
  const bytes = encoded ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');
  const mac = createMac(bytes);
  if (macs.size >= maxMacs) macs.clear();
  macs.set(secret, mac);
  return mac;
};
