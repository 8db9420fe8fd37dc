import { CodedError } from '#runtime';
import { z } from 'zod';

type Credentials = { tokenUrl: string; clientId: string; clientSecret: string; scope?: string };

const answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().default(300) });

const askTimeoutMs = 5_000;
/** A token is fetched again this long before it expires, or after half of a shorter life. */
const renewBeforeMs = 60_000;

const fetchToken = async (of: Credentials): Promise<{ value: string; lifeMs: number }> => {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(of.scope && { scope: of.scope }) });
  const basic = Buffer.from(`${encodeURIComponent(of.clientId)}:${encodeURIComponent(of.clientSecret)}`);
  const response = await fetch(of.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic.toString('base64')}`, accept: 'application/json' },
    body: form,
    signal: AbortSignal.timeout(askTimeoutMs),
  });
  const read = answer.safeParse(await response.json().catch(() => null));
  if (!response.ok || !read.success)
    throw new CodedError('KAFKA_TOKEN_REFUSED', `no token from ${of.tokenUrl}: it answered ${response.status}`);
  return { value: read.data.access_token, lifeMs: read.data.expires_in * 1_000 };
};

/** Fetches OAuth tokens with client credentials (RFC 6749, section 4.4) and keeps each until it is
 * about to expire. Connections that ask at the same time share one request.
 *  @throws CodedError KAFKA_TOKEN_REFUSED when the server gives none. */
export const createTokenSource = (of: Credentials): (() => Promise<{ value: string }>) => {
  let renewAtMs = 0;
  let token: Promise<{ value: string }> | null = null;
  return () => {
    if (token && performance.now() < renewAtMs) return token;
    renewAtMs = Infinity;
    token = fetchToken(of).then(
      ({ value, lifeMs }) => {
        renewAtMs = performance.now() + Math.max(lifeMs / 2, lifeMs - renewBeforeMs);
        return { value };
      },
      (thrown: unknown) => {
        token = null;
        throw thrown;
      },
    );
    return token;
  };
};
