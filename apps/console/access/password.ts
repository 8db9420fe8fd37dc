import { systemTime } from '#runtime';
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { Problem } from '../http/problem.js';

/** Passwords: argon2id with the parameters that OWASP recommends. A hash costs 50 ms of a
 *  processor and 19 MiB, so one runs at a time, and one for a possible stranger is followed by a
 *  rest of the same length. Without this bound wrong passwords would take the processor from
 *  reports. */

const parameters = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const maxWaiting = 16;

export const newPassword = z
  .string()
  .min(12, 'needs at least 12 characters')
  .max(200, 'has at most 200 characters')
  .refine((text) => new Set(text).size >= 5, 'needs at least 5 different characters');

/** For unknown e-mail addresses: they must take as long as known ones. */
let standIn: Promise<string> | undefined;

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Runs one hash after another.
 *  @param rests whether the next one waits as long as this one took: for callers that may be
 *    strangers
 *  @throws Problem 503 when too many wait */
const inLine = async <Result>(rests: boolean, work: () => Promise<Result>): Promise<Result> => {
  if (waiting >= maxWaiting)
    throw new Problem(503, 'sign_in_busy', 'too many people sign in at this moment; try again in a few seconds');
  waiting += 1;
  const begun = last.then(async () => {
    const from = systemTime.monotonicMs();
    return { result: await work(), ms: systemTime.monotonicMs() - from };
  });
  last = begun.then(
    ({ ms }) => (rests ? systemTime.wait(ms) : undefined),
    () => undefined,
  );
  try {
    return (await begun).result;
  } finally {
    waiting -= 1;
  }
};

export const hashPassword = (password: string): Promise<string> => inLine(false, () => hash(password, parameters));

/** @param stored null: there is no such user, or one without a password; takes as long and is
 *    false */
export const isPassword = (password: string, stored: string | null, isStranger: boolean): Promise<boolean> =>
  inLine(isStranger, async () => {
    const against = stored ?? (await (standIn ??= hash('the password of no one', parameters)));
    return (await verify(against, password)) && stored !== null;
  });
