import { ensureToken, hasToken } from '#postgres';
import { v7 as uuidv7 } from 'uuid';
import type { ConsolePorts } from '../ports.js';
import { hashOf } from './token.js';

/** Makes the token of the environment valid. On a new database without one, the log says how to
 *  sign in. It does not log a token, because everyone who reads logs could use it. */
export const ensureAdmin = async (
  { pool, dataSource, log }: Pick<ConsolePorts, 'pool' | 'dataSource' | 'log'>,
  tokenOfEnvironment: string | undefined,
): Promise<void> => {
  if (tokenOfEnvironment !== undefined)
    return ensureToken(pool, {
      id: uuidv7(),
      role: 'admin',
      name: 'CAROM_ADMIN_TOKEN',
      hash: hashOf(tokenOfEnvironment),
    });
  if (!(await hasToken(dataSource)))
    log.warn({ event: 'access.no_admin', remedy: 'run `npm run admin:link`, or start with CAROM_ADMIN_TOKEN' });
};
