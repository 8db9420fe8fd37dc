import { ensureToken, insertFirstToken } from '#postgres';
import { v7 as uuidv7 } from 'uuid';
import type { ConsolePorts } from '../ports.js';
import { hashOf, mintToken } from './token.js';

/** Makes sure that there is an admin: the token of the environment, or one that is made at the first
 *  start and printed once. It is printed after it is in force: when the process dies between the two,
 *  a start with `CAROM_ADMIN_TOKEN` gives access again. */
export const ensureAdmin = async (
  { pool }: Pick<ConsolePorts, 'pool'>,
  tokenOfEnvironment: string | undefined,
): Promise<void> => {
  const admin = { id: uuidv7(), role: 'admin' as const };
  if (tokenOfEnvironment !== undefined)
    return ensureToken(pool, { ...admin, name: 'CAROM_ADMIN_TOKEN', hash: hashOf(tokenOfEnvironment) });
  const token = mintToken();
  if (await insertFirstToken(pool, { ...admin, name: 'first admin', hash: hashOf(token) }))
    process.stdout.write(`The admin token of this installation, shown only now: ${token}\n`);
};
