import { createHmac } from 'node:crypto';

/** Standard Webhooks (https://www.standardwebhooks.com): `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`.
 *
 *  With two secrets both signatures are sent, space separated, so that a receiver that knows either accepts the call: that is the whole
 *  of rotation. A secret is `whsec_` and base64; one without that prefix is taken as the bytes of its text. */
export const signStandardWebhook = (
  secrets: readonly string[],
  call: { id: string; timestampSeconds: number; body: string | null },
): Record<string, string> => {
  const content = `${call.id}.${call.timestampSeconds}.${call.body ?? ''}`;
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', keyOf(secret)).update(content, 'utf8').digest('base64');
    return `v1,${digest}`;
  });
  return {
    'webhook-id': call.id,
    'webhook-timestamp': String(call.timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
};

/** Decoding costs more than it seems at thousands of calls a second, and there are only as many secrets as destinations. */
const keys = new Map<string, Buffer>();
const mostKeys = 1_000;

const keyOf = (secret: string): Buffer => {
  const known = keys.get(secret);
  if (known) return known;
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8');
  if (keys.size >= mostKeys) keys.clear();
  keys.set(secret, key);
  return key;
};
