import { insertAudit } from '#postgres';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../http/operation.js';

/** What one line of the audit says. Secrets must not be in `before` and `after`. */
export type AuditLine = {
  action: string;
  kind: string;
  key: string;
  before?: object | null;
  after?: object | null;
};

/** A transaction in the name of an actor. `manager` (entities) and `db` (explicit SQL) use the
 *  same connection. `audit` is available only here, so each change has its audit line and each
 *  line its change. */
export type AuditedChange = {
  manager: EntityManager;
  db: PoolClient;
  audit: (line: AuditLine) => Promise<void>;
};

export type AuditActor = Pick<Actor, 'userId' | 'tokenId'>;

/** Runs `work` in one transaction. What it throws rolls everything back, its audit lines too. */
export const audited = <Result>(
  dataSource: DataSource,
  { userId, tokenId }: AuditActor,
  work: (change: AuditedChange) => Promise<Result>,
): Promise<Result> =>
  dataSource.transaction(async (manager) => {
    const db = (await manager.queryRunner?.connect()) as PoolClient;
    const audit = ({ action, kind, key, before = null, after = null }: AuditLine): Promise<void> =>
      insertAudit(manager, { id: uuidv7(), userId, tokenId, action, kind, key, before, after });
    return work({ manager, db, audit });
  });
