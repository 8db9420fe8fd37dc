/** What the console is asked, each with its bounds. The first two limits are those of the design;
 * the others follow from them: without a token as the report by campaign, with one as the
 * drill-down, and a list answers a page. */

export type Route =
  'reports' | 'overview' | 'postbacks' | 'postbacks/summary' | 'conversions' | 'deliveries' | 'clicks';

export type Question = {
  route: Route;
  query: string;
  limitMs: number;
  /** Rows of tables that may be looked at. Null: as many as the report is made of. */
  maxRows: number | null;
};

const asReport = (query: string, limitMs = 300): Question => ({ route: 'reports', query, limitMs, maxRows: null });

/** With a page of 50, its joined rows, and what an index reads beside them: up to 3,800 conversions
 * of the data have the same last second of their day. */
const pageRows = 5_000;
/** Filters that no index serves: a list looks at 50,000 rows at most and says where it stopped. It
 * reads them twice, once for the end, and once what belongs to each. */
const lookRows = 160_000 + pageRows;
const looks: Partial<Record<Route, readonly string[]>> = {
  postbacks: [
    'problem',
    'test',
    'text',
    'authenticatedBy',
    'statusWord',
    'remoteAddress',
    'channel',
    'refusal',
    'state=!',
    'campaignKey',
    'sourceKey',
    'offerKey',
  ],
  conversions: ['state', 'mark', 'counted', 'token', 'timeBy'],
  deliveries: [
    ...['state=delivered', 'state=superseded', 'cause', 'reason', 'status', 'minAttempts'],
    ...['campaignKey', 'sourceKey', 'offerKey', 'networkKey'],
  ],
  clicks: ['campaignKey', 'sourceKey', 'offerKey', 'networkKey', 'channel', 'flag', 'unique', 'token'],
};

const asList = (route: Route, query: string): Question => {
  // The source's own click id alone has an index of a hash for each block of clicks, which costs
  // no room; it reads about one block in fifty.
  if (route === 'clicks' && query.startsWith('externalId')) return { route, query, limitMs: 1_000, maxRows: null };
  const isLook = query.split('&').some((part) => looks[route]?.some((name) => part.startsWith(name)));
  return { route, query, limitMs: isLook ? 1_000 : 300, maxRows: isLook ? lookRows : pageRows };
};

/** Ranges of the data that end with it, as query texts. */
type Ranges = { month: string; week: string; day: string };

const reportQuestions = ({ month, week, day }: Ranges): Question[] => [
  asReport(`groupBy=campaign&${month}`),
  asReport(`groupBy=token.zone&sort=-clicks&${month}`, 2_000),
  asReport(`groupBy=campaign&${week}`),
  asReport(`groupBy=campaign&currency=EUR&${month}`),
  asReport(`groupBy=campaign&compare=previous&${week}`, 600),
  asReport(`groupBy=source&${month}`),
  asReport(`groupBy=offer&${month}`),
  asReport(`groupBy=network&${month}`),
  asReport(`groupBy=event&${month}`),
  asReport(`groupBy=day&${month}`),
  asReport(`groupBy=day,campaign&${month}`, 600),
  asReport(`groupBy=campaign,offer,network&${month}`),
  asReport(`groupBy=hour&${day}`),
  asReport(`groupBy=day&timeZone=Asia/Kolkata&${week}`, 600),
  asReport(`groupBy=day&timeZone=America/New_York&${month}`, 2_000),
  asReport(`groupBy=day&campaignKey=c000&timeZone=Asia/Kolkata&${month}`),
  asReport(`groupBy=offer&campaignKey=c000&${month}`),
  asReport(`groupBy=token.zone&campaignKey=c000&sort=-clicks&${month}`, 2_000),
  asReport(`groupBy=token.zone&campaignKey=c150&${month}`, 600),
  asReport(`groupBy=token.creative&${month}`, 2_000),
  asReport(`groupBy=campaign&token=zone:z77&${month}`, 600),
  asReport(`groupBy=token.zone,token.creative&campaignKey=c150&${week}`, 2_000),
  asReport(`groupBy=campaign&details=true&${day}`, 2_000),
  asReport(`groupBy=event&campaignKey=c150&details=true&${month}`, 2_000),
  asReport(`groupBy=campaign&asOf=2099-01-01T00:00:00Z&campaignKey=c150&${day}`, 2_000),
  asReport(`groupBy=campaign&timeBy=clicked&campaignKey=c150&${day}`, 2_000),
];

const presentQuestions = ({ month, week, day }: Ranges): Question[] => [
  { route: 'overview', query: `bucket=day&${month}`, limitMs: 300, maxRows: null },
  { route: 'overview', query: `bucket=hour&${week}`, limitMs: 300, maxRows: null },
  { route: 'overview', query: `bucket=minute&${day}`, limitMs: 300, maxRows: null },
  { route: 'postbacks/summary', query: `groupBy=networkKey,state,refusal&${day}`, limitMs: 300, maxRows: null },
];

const postbacksQueries = ({ week }: Ranges): string[] => [
  '',
  'networkKey=n3',
  'state=refused',
  'state=!applied',
  'state=orphan',
  'refusal=status_unmapped',
  'statusWord=gezahlt',
  'statusWord=never',
  'problem=status_unmapped',
  'problem=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=never',
  'externalId=never',
  'transactionId=never',
  'clickId=never',
  'remoteAddress=192.0.2.1',
  'authenticatedBy=operator',
  'channel=replay',
  'uploadId=00000000-0000-4000-8000-000000000000',
  'test=true',
  'text=never',
  `${week}`,
  'estimate=true',
];

const conversionsQueries = ({ week, day }: Ranges): string[] => [
  '',
  'networkKey=n3',
  'networkKey=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=o7',
  'event=deposit',
  'event=never',
  'event=',
  'state=reversed',
  'mark=over_cap',
  'mark=late',
  'counted=true',
  'token=zone:z77',
  'token=zone:never',
  'transactionId=never',
  'clickId=never',
  'externalId=never',
  `timeBy=clicked&${day}`,
  `timeBy=occurred&${day}`,
  `${week}&campaignKey=c000&event=deposit`,
  'estimate=true',
];

const deliveriesQueries = ({ week }: Ranges): string[] => [
  '',
  'state=delivered',
  'state=waiting',
  'state=parked',
  'state=superseded',
  'destinationKey=source:s3',
  'destinationKey=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'networkKey=never',
  'offerKey=never',
  'clickId=never',
  'transactionId=never',
  'externalId=never',
  'status=404',
  'status=503',
  'cause=reversed',
  'reason=http_404',
  'reason=never',
  'minAttempts=5',
  `${week}`,
  'estimate=true',
];

const clicksQueries = ({ week }: Ranges): string[] => [
  '',
  'campaignKey=c000',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=never',
  'networkKey=never',
  'externalId=ext-77',
  'externalId=never',
  'channel=import',
  'flag=prefetch',
  'unique=false',
  'token=zone:z77',
  'token=zone:never',
  `${week}&campaignKey=c199`,
  'estimate=true',
];

const asLists = (route: Route, queries: readonly string[]): Question[] => queries.map((query) => asList(route, query));

export const questionsOf = (ranges: Ranges): Question[] => [
  ...reportQuestions(ranges),
  ...presentQuestions(ranges),
  ...asLists('postbacks', postbacksQueries(ranges)),
  ...asLists('conversions', conversionsQueries(ranges)),
  ...asLists('deliveries', deliveriesQueries(ranges)),
  ...asLists('clicks', clicksQueries(ranges)),
];
