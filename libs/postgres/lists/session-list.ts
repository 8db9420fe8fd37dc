import type { Queryable } from '../connection/database.js';
import type { Session } from '../console/people.js';
import { isValidSession, type SessionOwner } from '../console/session-store.js';
import { createFilter, only } from './list-filter.js';
import { runList, type ListRows, type Page } from './run-list.js';

type ListedSession = Omit<Session, 'hash' | 'revokedAt'> & { userName: string | null; tokenName: string | null };

const columns = `s.id, s.user_id as "userId", s.token_id as "tokenId", s.created_at as "createdAt", s.seen_at as "seenAt",
  s.expires_at as "expiresAt", s.ip, s.user_agent as "userAgent", u.name as "userName", t.name as "tokenName"`;
const from = `sessions s left join lateral (select * from users x where x.id = s.user_id offset 0) u on true
  left join lateral (select * from api_tokens x where x.id = s.token_id offset 0) t on true`;

/** Sessions that can still be used, newest first. */
export const listSessions = (
  db: Queryable,
  owner: SessionOwner,
  { idleMinutes, ...page }: Page & { idleMinutes: number },
): Promise<ListRows<ListedSession>> => {
  const filter = createFilter('s.created_at')
    .byIndex('s.user_id', owner !== 'all' && 'userId' in owner ? only(owner.userId) : undefined, { type: 'uuid' })
    .byIndex('s.token_id', owner !== 'all' && 'tokenId' in owner ? only(owner.tokenId) : undefined, { type: 'uuid' })
    .and(isValidSession('$?'), idleMinutes);
  return runList<ListedSession>(
    db,
    { columns, from, rowsFrom: 'sessions s', time: 's.created_at', id: 's.id', filter },
    page,
  );
};
