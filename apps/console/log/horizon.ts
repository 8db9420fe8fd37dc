import { ledgerHorizon } from '#postgres';
import type { ConsolePorts } from '../ports.js';
import { Problem } from '../http/problem.js';

/** Rejects a report as of a moment before the ledger's horizon: the entries of that time are
 *  summed up, so any number would be made up (P5).
 *  @throws Problem as_of_before_horizon */
export const refuseBeforeHorizon = async (
  { pool }: Pick<ConsolePorts, 'pool'>,
  asOf: Date | undefined,
): Promise<void> => {
  const horizon = asOf && (await ledgerHorizon(pool));
  if (!horizon || asOf >= horizon) return;
  const detail = `what was recorded before ${horizon.toISOString()} is kept only as what it came to: asOf can be that moment or a later one`;
  throw new Problem(422, 'as_of_before_horizon', detail, [
    { path: 'asOf', code: 'as_of_before_horizon', message: `must not be before ${horizon.toISOString()}` },
  ]);
};
