import type { SeenCall } from '#domain';
import type { Queryable } from '../connection/database.js';

/** The newest calls of a network as they were read; rows of report files, which have a format of
 * their own, and trial calls left out. */
export const seenCallsOf = async (
  db: Queryable,
  { networkKey, since, limit }: { networkKey: string; since: Date; limit: number },
): Promise<SeenCall[]> => {
  const { rows } = await db.query<SeenCall>(
    `select id, read -> 'amount' ->> 'raw' as "amountRaw", read -> 'amount' ->> 'value' is not null as "hasAmount",
       read -> 'currency' ->> 'value' as currency, read -> 'status' ->> 'raw' as "statusRaw", refusal,
       authenticated_by as "authenticatedBy", problems
     from postbacks
     where network_key = $1 and received_at >= $2 and channel = 'postback' and not test
     order by received_at desc, id desc limit $3`,
    [networkKey, since, limit],
  );
  return rows;
};
