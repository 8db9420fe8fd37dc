import type { Queryable } from '../connection/database.js';

type ClickCall = {
  at: string;
  url: string;
  status: number | null;
  location: string | null;
  clickId: string | null;
  error: string | null;
};
type PostbackCall = {
  at: string;
  url: string;
  status: number | null;
  code: string | null;
  postbackId: string | null;
  error: string | null;
};
export type SetupTest = {
  id: string;
  campaignKey: string;
  networkKey: string | null;
  click: ClickCall | null;
  postback: PostbackCall | null;
};

export const insertSetupTest = async (db: Queryable, test: SetupTest): Promise<void> => {
  await db.query(
    'insert into setup_tests (id, campaign_key, network_key, click, postback) values ($1, $2, $3, $4, $5)',
    [
      test.id,
      test.campaignKey,
      test.networkKey,
      test.click && JSON.stringify(test.click),
      test.postback && JSON.stringify(test.postback),
    ],
  );
};

export const findSetupTest = async (db: Queryable, id: string): Promise<SetupTest | null> => {
  const { rows } = await db.query<SetupTest>(
    'select id, campaign_key as "campaignKey", network_key as "networkKey", click, postback from setup_tests where id = $1',
    [id],
  );
  return rows[0] ?? null;
};
