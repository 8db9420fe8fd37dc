import { insertCode, type CodePurpose } from '#postgres';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { ConsolePorts } from '../ports.js';
import type { AuditedChange } from './audit.js';
import { hashOf, mintSecret } from './token.js';

/** Links that work once: an invitation or a reset opens the page `/join`, a sign-in opens
 *  `/sign-in/…`, which sets the cookie and leads to the page. */

const hours: Record<CodePurpose, number> = { invitation: 7 * 24, reset: 24, sign_in: 24 };

export const linkAnswer = z.object({ url: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'OneTimeLink' });
export type OneTimeLink = { url: string; expiresAt: Date };

export const createLink = async (
  { manager }: Pick<AuditedChange, 'manager'>,
  purpose: CodePurpose,
  owner: { userId: string | null; tokenId: string | null },
  { consoleUrl, now }: Pick<ConsolePorts, 'consoleUrl' | 'now'>,
): Promise<OneTimeLink> => {
  const code = mintSecret();
  const expiresAt = new Date(now().getTime() + hours[purpose] * 3_600_000);
  await insertCode(manager, { id: uuidv7(), hash: hashOf(code), purpose, ...owner, expiresAt });
  const path = purpose === 'sign_in' ? `/sign-in/${code}` : `/join?code=${code}`;
  return { url: `${consoleUrl}${path}`, expiresAt };
};
