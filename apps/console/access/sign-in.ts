import { findToken, findUserByEmail, hasSignedInFrom } from '#postgres';
import type { ConsolePorts } from '../ports.js';
import { Problem } from '../http/problem.js';
import { createLockOut } from './lock-out.js';
import { isPassword } from './password.js';
import { hashOf } from './token.js';

/** Who signs in: by e-mail and password, or by a token. */

export type SignedIn = { userId: string | null; tokenId: string | null };

const lockOut = createLockOut();

const refuseWhileLocked = (waitSeconds: number): void => {
  if (waitSeconds === 0) return;
  throw new Problem(429, 'sign_in_locked', `too many wrong passwords; the next try is possible in ${waitSeconds} s`);
};

/** An address from which the user has signed in before has a count of its own: strangers who guess
 *  cannot lock the user out there.
 *  @throws Problem 401 `sign_in_wrong`, 429 `sign_in_locked`, 503 `sign_in_busy` */
export const signInByPassword = async (
  { dataSource, now, log }: Pick<ConsolePorts, 'dataSource' | 'now' | 'log'>,
  { email, password, ip }: { email: string; password: string; ip: string },
): Promise<SignedIn> => {
  const user = await findUserByEmail(dataSource, email);
  const isKnownAddress = user !== null && (await hasSignedInFrom(dataSource, user.id, ip));
  const key = isKnownAddress ? `${email.toLowerCase()} ${ip}` : email.toLowerCase();
  const nowMs = now().getTime();
  refuseWhileLocked(lockOut.waitSeconds(key, nowMs));
  if (await isPassword(password, user?.passwordHash ?? null, !isKnownAddress)) {
    lockOut.succeeded(key);
    return { userId: user?.id ?? null, tokenId: null };
  }
  lockOut.failed(key, nowMs);
  log.warn({ event: 'access.sign_in_failed', ip, userId: user?.id ?? null });
  throw new Problem(401, 'sign_in_wrong', 'the e-mail address or the password is wrong');
};

/** A token of a user gives a session of the token, so that revoking the token ends it.
 *  @throws Problem 401 `token_wrong` */
export const signInByToken = async ({ pool }: Pick<ConsolePorts, 'pool'>, token: string): Promise<SignedIn> => {
  const found = await findToken(pool, hashOf(token));
  if (!found) throw new Problem(401, 'token_wrong', 'this token is not known, has expired or was revoked');
  return { userId: null, tokenId: found.id };
};
