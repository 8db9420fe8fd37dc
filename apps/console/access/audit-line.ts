import { insertAudit, type Queryable } from '#postgres';
import { v7 as uuidv7 } from 'uuid';
import type { Given } from '../http/operation.js';

/** One line of the audit in the name of whoever asked. */
export const auditLine = (
  db: Queryable,
  given: Pick<Given, 'actor'>,
  line: { action: string; kind: string; key: string; before?: object | null; after?: object | null },
): Promise<void> => {
  const { action, kind, key, before = null, after = null } = line;
  return insertAudit(db, { id: uuidv7(), actor: given.actor.name, action, kind, key, before, after });
};
